import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('keeps everything outside ./node free of Node', () => {
  const root = import.meta.dirname;
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('node/'),
  );
  const impure = sources.filter((file) =>
    /from '(?:node:|\.{1,2}\/(?:.*\/)?node\/)|\b(?:process|Buffer|require)\b[.(]/.test(
      readFileSync(join(root, file), 'utf8'),
    ),
  );
  expect(sources.length).toBeGreaterThan(30);
  expect(impure).toEqual([]);
});

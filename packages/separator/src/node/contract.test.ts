import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTask, separatorSuite, taskSourceSuite } from '@pwt/testkit';
import { describe, it } from 'vitest';
import { RegexSpecSeparator } from '../regex-spec-separator.js';
import { SpecFolderSource } from './spec-folder-source.js';

const runner = { describe, test: it };

function withText(id: string, text: string) {
  return makeTask(id, { specs: [{ path: `specs/SPEC-${id}-a.md`, text, hash: '00' }] });
}

separatorSuite(runner, async () => ({
  separator: new RegexSpecSeparator(),
  scoped: [
    withText('1', '**File**: `src/a.ts`'),
    withText('2', '- Rename `../x` and `src/a.ts` to `src/b.ts`'),
  ],
  unscoped: withText('3', '# Think'),
  tree: { paths: ['src/a.ts'] },
  dispose: async () => {},
}));

taskSourceSuite(runner, async () => {
  const root = await mkdtemp(join(tmpdir(), 'pwt-source-'));
  await mkdir(join(root, 'specs'));
  for (const name of ['SPEC-020-a', 'SPEC-2-6-b', 'SPEC-NEXT-c', 'SPEC-AUTH-d']) {
    await writeFile(join(root, 'specs', `${name}.md`), `# ${name}\n`);
  }
  return {
    source: new SpecFolderSource({ root }),
    ids: ['2-6', '20', 'AUTH', 'NEXT-c'],
    dispose: () => rm(root, { recursive: true, force: true }),
  };
});

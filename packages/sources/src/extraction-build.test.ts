import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { extractionBuild } from './extraction-build.js';

it('names this build, in one line, the same way every time', async () => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const build = await extractionBuild();
  const [named, file, madeAt] = JSON.parse(build) as [string, string, number];
  expect(named).toBe(version);
  expect(file).toMatch(/extraction-build/);
  expect(madeAt).toBeGreaterThan(0);
  expect(build).not.toContain('\n');
  expect(await extractionBuild()).toBe(build);
});

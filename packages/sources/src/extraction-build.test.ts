import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { extractionBuild, latestChange } from './extraction-build.js';

it('names this build, in one line, the same way every time', async () => {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const build = await extractionBuild();
  const [named, file, madeAt] = JSON.parse(build) as [string, string, number];
  expect(named).toBe(version);
  expect(file).toMatch(/extraction-build/);
  expect(madeAt).toBeGreaterThanOrEqual(await latestChange([import.meta.dirname]));
  expect(build).not.toContain('\n');
  expect(await extractionBuild()).toBe(build);
});

it('notices the change of any file of any package', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pwt-build-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const folders = ['sources', 'separator'].map((name) => join(root, name));
  for (const folder of folders) {
    await mkdir(join(folder, 'rules'), { recursive: true });
    for (const name of ['index.js', 'rules/verb.js']) {
      await writeFile(join(folder, name), '');
      await utimes(join(folder, name), 1000, 1000);
    }
  }
  expect(await latestChange(folders)).toBe(1_000_000);
  await utimes(join(root, 'separator/rules/verb.js'), 2000, 2000);
  expect(await latestChange(folders)).toBe(2_000_000);
});

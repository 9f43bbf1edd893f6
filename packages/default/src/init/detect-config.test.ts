import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectConfig } from './detect-config.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-detect-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const detect = () => detectConfig({ root, env: { PATH: '' } });

describe('detectConfig', () => {
  it('finds nothing in an empty folder', async () => {
    expect(await detect()).toEqual({ config: { maxInstances: 2 }, because: {}, specs: 0 });
  });

  it('counts the spec files, which are read in any case', async () => {
    await write({ 'specs/SPEC-1-a.md': '# A\n', 'docs/specs/SPEC-2-b.md': '# B\n' });
    expect(await detect()).toMatchObject({ specs: 2 });
  });

  it.each(['specs', '.specify/specs'])('finds the task lists of spec-kit in %s', async (folder) => {
    await write({ [`${folder}/001-photos/tasks.md`]: '# Tasks\n\n- [ ] T001 Start in src/a.ts\n' });
    expect(await detect()).toMatchObject({
      config: { formats: ['spec-files', 'spec-kit'] },
      because: { formats: `${folder}/001-photos/tasks.md is there` },
    });
  });

  it('takes no other task list for one of spec-kit', async () => {
    await write({ 'specs/later/tasks.md': '- [ ] Think\n- [ ] Try\n' });
    expect((await detect()).config.formats).toBeUndefined();
  });

  it('finds folders with prompts, and names them as its options', async () => {
    await write({
      'tasks/TP-1-a/PROMPT.md': '# Task: TP-1 - A\n',
      'later/TP-2-b/PROMPT.md': '# Task: TP-2 - B\n',
      'node_modules/x/PROMPT.md': '',
      'src/PROMPT.md': '',
    });
    const { config, because } = await detect();
    expect(config.formats).toEqual(['spec-files', ['prompt-folders', { folders: ['later', 'tasks'] }]]);
    expect(because.formats).toBe('later/TP-2-b/PROMPT.md is there');
  });

  it('finds both', async () => {
    await write({
      'specs/1/tasks.md': '- [x] T001 Start\n',
      'tasks/TP-1/PROMPT.md': '',
    });
    const { config, because } = await detect();
    expect(config.formats).toHaveLength(3);
    expect(because.formats).toBe('specs/1/tasks.md and tasks/TP-1/PROMPT.md are there');
  });
});

import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';

const opened = (files: Readonly<Record<string, string>>, options: object = { files: ['todo'] }) =>
  openFormat('markdown-files', { root: ROOT, options, fs: new MemoryFiles(files) });
const ids = async (files: Readonly<Record<string, string>>, options?: object) =>
  (await opened(files, options).load({})).tasks.map(({ id }) => id);

it('takes every file that a glob covers for a task, but no README, index or template', async () => {
  const files = {
    'todo/Add log-in!.md': '# A',
    'todo/deep/b.md': 'No heading.',
    'todo/README.md': '# R',
    'todo/_index.md': '# I',
    'todo/templates/c.md': '# T',
    'todo/d.md.bak': '',
    'todo/e.txt': '',
  };
  expect(await ids(files)).toEqual(['Add-log-in', 'b']);
  expect(await ids(files, { files: ['todo/*.md'] })).toEqual(['Add-log-in']);
  expect(await ids(files, { files: ['todo/README.md'] })).toEqual(['README']);
  expect(await ids({ 'a/x.md': '', 'b/x.md': '' }, { files: ['a', 'b'] })).toEqual(['x', 'x-2']);
});

it('reports a glob that can not be used', async () => {
  const { diagnostics } = await opened({}, { files: ['../x'] }).load({});
  expect(diagnostics).toMatchObject([{ code: 'PWT_PATTERN_OUTSIDE', severity: 'error' }]);
});

describe('which files wait', () => {
  it.each([
    '---\ndepends_on: [1]\n---\n# P\n',
    '---\ndependencies: 001-login.md\n---\n# P\n',
    '---\nblocked_by: ["AUTH-7"]\n---\n# P\n',
    '# P\n\nDepends on: login\n',
    '# P\n\n**Depends on**: #1, [the other](other.md)\n',
    '# P\n\n## Dependencies\n\n- 001-login\n',
  ])('for the file that %j names', async (text) => {
    const name = text.includes('login\n') && !text.includes('001-login') ? 'login' : '001-login';
    const files = { [`todo/${name}.md`]: '---\nid: AUTH-7\n---\n# L\n', 'todo/page.md': text };
    const { tasks } = await opened(files).load({});
    expect(tasks.find(({ id }) => id === 'page')?.dependsOn).toEqual([name]);
  });

  it('for none where two could be meant', async () => {
    const files = {
      'todo/1-a.md': '# A',
      'todo/01-b.md': '# B',
      'todo/page.md': '---\ndepends_on: [1]\n---\n',
    };
    const { tasks } = await opened(files).load({});
    expect(tasks.find(({ id }) => id === 'page')?.dependsOn).toEqual([]);
  });
});

it('says which task a number is a part of', async () => {
  const { diagnostics } = await opened({ 'todo/007-login.md': '# L' }).load({ ids: ['7'] });
  expect(diagnostics).toMatchObject([{ hint: '7 is a part of the name of task 007-login.' }]);
});

it('keeps back what a status keeps back', async () => {
  const { tasks, diagnostics } = await opened({
    'todo/a.md': '---\nstatus: blocked\n---\n',
    'todo/b.md': '# B',
  }).load({});
  expect(tasks.map(({ id }) => id)).toEqual(['b']);
  expect(diagnostics).toMatchObject([{ code: 'PWT_TASK_DEFERRED' }]);
});

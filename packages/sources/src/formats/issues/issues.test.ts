import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';
import { needsIn } from './needs.js';

describe('needsIn', () => {
  it.each([
    ['Depends on #12', [12]],
    ['**Blocked by:** #7, #8 and #9.', [7, 8, 9]],
    ['- [ ] depends on https://git.example/a/b/issues/3', [3]],
    ['Blocked by https://git.example/other/c/issues/4', []],
    ['See #5. Fixes #6, a regression after #7', []],
    ['`Depends on #1`\n\n```\nBlocked by #2\n```\n', []],
    ['depends on #3 #3', [3]],
    [`depends on ${'#1 '.repeat(50_000)}`, [1]],
  ])('%.60j', (body, expected) => {
    expect(needsIn(body, 'https://git.example/a/b/issues/1')).toEqual(expected);
  });
});

describe('issues', () => {
  const command = ['gh', 'issue', 'list', '--json', 'number,title'];
  const printed = JSON.stringify([
    { number: 3, title: 'Log in', body: '', labels: [{ name: 'P0' }], state: 'OPEN' },
  ]);

  it('are what the command prints, whatever the files have', async () => {
    const asked: unknown[] = [];
    const source = openFormat('issues', {
      root: ROOT,
      fs: new MemoryFiles({ 'issues.json': '[]' }),
      options: { command },
      runCommand: async (words) => {
        asked.push(words);
        return printed;
      },
    });
    const { tasks, diagnostics } = await source.load({});
    expect(asked).toEqual([command]);
    expect(diagnostics).toEqual([]);
    expect(tasks).toMatchObject([{ id: 'issue-3', title: 'Log in', priority: 2, dependsOn: [] }]);
    expect(source.markDone).toBeUndefined();
  });

  it('that can not be had are an error, not an empty list', async () => {
    const failing = openFormat('issues', {
      root: ROOT,
      fs: new MemoryFiles({}),
      options: { command },
      runCommand: async () => Promise.reject(new Error('not logged in')),
    });
    await expect(failing.load({})).rejects.toThrow('not logged in');
    const none = openFormat('issues', { root: ROOT, fs: new MemoryFiles({}), options: { command } });
    await expect(none.load({})).rejects.toMatchObject({ code: 'PWT_TASK_COMMAND_FAILED' });
    const file = openFormat('issues', {
      root: ROOT,
      fs: new MemoryFiles({}),
      options: { file: 'gone.json' },
    });
    expect((await file.load({})).diagnostics).toMatchObject([
      { code: 'PWT_SPEC_UNREADABLE', path: 'gone.json' },
    ]);
  });
});

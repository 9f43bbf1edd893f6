import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { readStatus } from './status.js';

describe('readStatus', () => {
  it('is empty in a clean worktree', async () => {
    const { git } = await repositoryWith({ a: '1' });
    expect(await readStatus(git)).toEqual([]);
  });

  it('tells staged from unstaged, and names both ends of a rename', async () => {
    const long = 'line\n'.repeat(30);
    const repository = await repositoryWith({ 'st aged': '1', both: '1', gone: '1', mode: '1', old: long });
    const { git, path } = repository;
    repository.write({ 'st aged': '2', both: '2', 'ad\nded': '' });
    renameSync(join(path, 'old'), join(path, '-new "name"'));
    await git.run(['add', '--all']);
    repository.write({ both: '3', gone: null, 'untr\tacked/é': '' });
    chmodSync(join(path, 'mode'), 0o755);
    const entries = await readStatus(git);
    const short = entries.map((entry) =>
      'index' in entry
        ? [entry.kind, entry.index + entry.worktree, entry.path, entry.from]
        : [entry.kind, entry.path],
    );
    expect(short.sort((one, other) => String(one).localeCompare(String(other)))).toEqual(
      [
        ['changed', 'A.', 'ad\nded', null],
        ['changed', 'M.', 'st aged', null],
        ['changed', 'MM', 'both', null],
        ['changed', '.D', 'gone', null],
        ['changed', '.M', 'mode', null],
        ['renamed', 'R.', '-new "name"', 'old'],
        ['untracked', 'untr\tacked/é'],
      ].sort((one, other) => String(one).localeCompare(String(other))),
    );
    expect(entries.find((entry) => entry.path === 'mode')).toMatchObject({
      ...{ headMode: '100644', indexMode: '100644', worktreeMode: '100755' },
    });
  });

  it('sees a file that became a symbolic link, and a conflict', async () => {
    const repository = await repositoryWith({ link: '1', hot: '1' });
    const { git, path } = repository;
    await repository.branch('side', 'main', { hot: 'side' });
    await git.run(['switch', '-q', 'main']);
    await repository.commit({ hot: 'main' });
    await git.run(['merge', 'side'], { okExitCodes: [1] });
    unlinkSync(join(path, 'link'));
    symlinkSync('hot', join(path, 'link'));
    expect(await readStatus(git)).toEqual([
      expect.objectContaining({ path: 'link', worktree: 'T' }),
      { kind: 'unmerged', path: 'hot', code: 'UU' },
    ]);
  });

  it('shows ignored files when asked, whatever the user has configured', async () => {
    const { git, path } = await repositoryWith({ '.gitignore': '*.log\nbuild/\n' });
    await git.run(['config', 'status.showUntrackedFiles', 'no']);
    mkdirSync(join(path, 'build'));
    for (const file of ['x.log', 'build/out', 'free']) writeFileSync(join(path, file), '');
    expect(await readStatus(git)).toEqual([{ kind: 'untracked', path: 'free' }]);
    const ignored = async (mode: 'traditional' | 'matching') =>
      (await readStatus(git, { ignored: mode })).filter(({ kind }) => kind === 'ignored').map((e) => e.path);
    expect(await ignored('traditional')).toEqual(['build/out', 'x.log']);
    expect(await ignored('matching')).toEqual(['build/', 'x.log']);
  });

  it('sees into submodules, and names a nested repository', async () => {
    const inner = await repositoryWith({ a: '1' });
    const { git, path } = await repositoryWith({ a: '1' });
    await git.run(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'module']);
    await git.run(['commit', '-q', '-m', 'module']);
    writeFileSync(join(path, 'module/new'), '');
    writeFileSync(join(path, 'module/a'), '2');
    await git.run(['clone', '-q', inner.path, 'nested']);
    expect(await readStatus(git)).toEqual([
      expect.objectContaining({
        path: 'module',
        submodule: { commitChanged: false, modified: true, untracked: true },
      }),
      { kind: 'untracked', path: 'nested/' },
    ]);
  });

  it('leaves the index as it is, though a refresh would be due, and works while it is locked', async () => {
    const { git, path } = await repositoryWith({ a: '1', b: '1' });
    const index = () => readFileSync(join(path, '.git/index')).toString('hex');
    utimesSync(join(path, 'a'), 1, 1);
    const before = index();
    expect(await readStatus(git)).toEqual([]);
    expect(index()).toBe(before);
    writeFileSync(join(path, '.git/index.lock'), '');
    writeFileSync(join(path, 'b'), '2');
    expect(await readStatus(git)).toHaveLength(1);
  });
});

import {
  chmodSync,
  existsSync,
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
import { commitAll, writeWorktreeTree } from './commit-all.js';
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

  it('names a submodule on another commit and a nested repository, and runs nothing that they configure', async () => {
    const inner = await repositoryWith({ a: '1', '.gitattributes': '* filter=x\n' });
    const { git, path, folder } = await repositoryWith({ a: '1' });
    for (const name of ['one', 'two'])
      await git.run(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, name]);
    await git.run(['commit', '-q', '-m', 'modules']);
    await git.run(['clone', '-q', inner.path, 'nested']);
    await git.at(join(path, 'two')).run(['commit', '-q', '--allow-empty', '-m', 'more']);
    for (const name of ['one', 'two', 'nested']) {
      const own = git.at(join(path, name));
      for (const key of ['filter.x.clean', 'core.fsmonitor'])
        await own.run(['config', key, `touch '${join(folder, 'ran')}'; cat`]);
      // Of the same size, so that only its content can tell.
      writeFileSync(join(path, name, 'a'), '2');
    }
    expect(await readStatus(git)).toEqual([
      expect.objectContaining({
        path: 'two',
        submodule: { commitChanged: true, modified: false, untracked: false },
      }),
      { kind: 'untracked', path: 'nested/' },
    ]);
    const head = await git.text(['rev-parse', 'HEAD']);
    await git.run(['diff', 'HEAD']);
    const tree = await writeWorktreeTree(git);
    const { commit } = await commitAll(git, { message: 'all\n' });
    expect(await git.text(['rev-parse', `${commit}^{tree}`])).toBe(tree);
    const two = await git.at(join(path, 'two')).text(['rev-parse', 'HEAD']);
    expect(await git.text(['rev-parse', `${commit}:two`])).toBe(two);
    await git.run(['checkout', '--quiet', '--force', '--detach', head]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
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

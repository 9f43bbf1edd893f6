import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { repositoryWith, type TestRepository } from '../test/repository.js';
import { diskPath } from './byte-text.js';
import { listWorktrees, type WorktreeEntry } from './worktree-list.js';

/** A repository with a linked worktree `w` on a branch of its own. */
async function setUp(initArgs: readonly string[] = []) {
  const repository = await repositoryWith({ a: '1' }, initArgs);
  return {
    repository,
    git: repository.git,
    folder: repository.folder,
    worktree: await addTo(repository, 'w'),
  };
}

async function addTo({ git, folder }: TestRepository, name: string): Promise<string> {
  await git.run(['worktree', 'add', '--quiet', '-b', name, join(folder, name)]);
  return join(folder, name);
}

const seen = ({ path, branch, bare, main, present }: WorktreeEntry) => ({
  ...{ name: basename(path), branch: branch?.replace('refs/heads/', '') ?? null, bare, main, present },
});
const main = { name: 'repo', branch: 'main', bare: false, main: true, present: true };
const linked = { name: 'w', branch: 'w', bare: false, main: false, present: true };

describe('listWorktrees', () => {
  it('says what git says, where git is right', async () => {
    const { repository, git, folder } = await setUp();
    await addTo(repository, 'packed-ö');
    await git.run(['worktree', 'add', '--quiet', '--detach', join(folder, 'd')]);
    await git.run(['worktree', 'lock', '--reason', 'two words', join(folder, 'd')]);
    await git.run(['pack-refs', '--all']);
    rmSync(join(folder, 'w'), { recursive: true });
    const lines = (await listWorktrees(git)).flatMap((entry) => [
      ...[`worktree ${entry.path}`, `HEAD ${entry.headCommit}`],
      entry.branch === null ? 'detached' : `branch ${entry.branch}`,
      ...(entry.locked === null ? [] : [`locked ${entry.locked}`]),
      ...(entry.prunable === null ? [] : [`prunable ${entry.prunable}`]),
      '',
    ]);
    expect(lines).toEqual(await git.lines(['worktree', 'list', '--porcelain']));
  });

  it('finds the main one with a git directory of another name, from a subfolder and from a linked one', async () => {
    const { repository, git, folder, worktree } = await setUp();
    const store = join(folder, 'store');
    await git.run(['init', '--quiet', '--separate-git-dir', store]);
    mkdirSync(join(repository.path, 'deep/er'), { recursive: true });
    const expected = [main, linked];
    expect((await listWorktrees(git)).map(seen)).toEqual(expected);
    expect((await listWorktrees(git.at(join(repository.path, 'deep/er')))).map(seen)).toEqual(expected);
    // Nothing of git's leads from here to the main one: it is there, but git does not record where.
    expect((await listWorktrees(git.at(worktree))).map(seen)).toEqual([
      { ...main, name: 'store', present: false },
      linked,
    ]);
    await git.run(['config', 'core.worktree', repository.path]);
    expect((await listWorktrees(git.at(worktree))).map(seen)).toEqual(expected);
  });

  it('finds the main one where `.git` is a symbolic link', async () => {
    const { repository, git, worktree } = await setUp();
    renameSync(join(repository.path, '.git'), join(repository.path, '.git.nosync'));
    symlinkSync('.git.nosync', join(repository.path, '.git'));
    writeFileSync(join(worktree, '.git'), `gitdir: ${repository.path}/.git/worktrees/w\n`);
    expect((await listWorktrees(git)).map(seen)).toEqual([main, linked]);
    expect((await listWorktrees(git.at(worktree))).map(seen)).toEqual([main, linked]);
  });

  it('finds the main one of a submodule, and its linked ones', async () => {
    const { repository, folder } = await setUp();
    const outer = await repositoryWith({ b: '2' });
    await outer.git.run([
      ...['-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', repository.path, 'sub'],
    ]);
    const git = outer.git.at(join(outer.path, 'sub'));
    await git.run(['worktree', 'add', '--quiet', '-b', 'x', join(folder, 'x')]);
    const expected = [
      { ...main, name: 'sub' },
      { ...linked, name: 'x', branch: 'x' },
    ];
    expect((await listWorktrees(git)).map(seen)).toEqual(expected);
    expect((await listWorktrees(git.at(join(folder, 'x')))).map(seen)).toEqual(expected);
  });

  it('takes a bare repository for bare, whatever a linked worktree is told', async () => {
    const { repository, git, folder } = await setUp();
    const bare = join(folder, 'bare.git');
    await git.run(['clone', '--quiet', '--bare', repository.path, bare]);
    const from = git.at(bare);
    await from.run(['config', 'extensions.worktreeConfig', 'true']);
    await from.run(['worktree', 'add', '--quiet', join(folder, 'm'), 'main']);
    await git.at(join(folder, 'm')).run(['config', '--worktree', 'core.bare', 'false']);
    const expected = [
      { ...main, name: 'bare.git', branch: null, bare: true, present: false },
      { ...linked, name: 'm', branch: 'main' },
    ];
    expect((await listWorktrees(from)).map(seen)).toEqual(expected);
    expect((await listWorktrees(git.at(join(folder, 'm')))).map(seen)).toEqual(expected);
  });

  it('takes the main one for what its own configuration says, whatever the shared one says', async () => {
    const { git } = await setUp();
    await git.run(['config', 'extensions.worktreeConfig', 'true']);
    await git.run(['config', '--worktree', 'core.bare', 'false']);
    await git.run(['config', 'core.bare', 'true']);
    expect((await listWorktrees(git)).map(seen)).toEqual([main, linked]);
  });

  it('asks git for the configuration again when it has changed, there or in a file that it includes', async () => {
    const { git, folder } = await setUp();
    const asked = vi.spyOn(git, 'zRecords');
    const isBare = async () => (await listWorktrees(git))[0]?.bare;
    expect([await isBare(), await isBare(), asked.mock.calls.length]).toEqual([false, false, 1]);
    await git.run(['config', 'core.bare', 'true']);
    expect(await isBare()).toBe(true);
    const included = join(folder, 'included');
    writeFileSync(included, '[core]\n bare = false\n');
    await git.run(['config', 'include.path', included]);
    expect(await isBare()).toBe(false);
    writeFileSync(included, '[core]\n bare = true\n');
    expect(await isBare()).toBe(true);
  });

  it('lists one that is locked and not there, and one whose folder holds another repository', async () => {
    const { repository, git, folder, worktree } = await setUp();
    const away = await addTo(repository, 'away');
    await git.run(['worktree', 'lock', away]);
    rmSync(away, { recursive: true });
    rmSync(join(worktree, '.git'));
    await git.at(worktree).run(['init', '--quiet', '--initial-branch=other']);
    rmSync(join(folder, 'repo/.git/worktrees/w/locked'), { force: true });
    const found = await listWorktrees(git);
    expect(found.map(seen)).toEqual([
      main,
      { ...linked, name: 'away', branch: 'away', present: false },
      { ...linked, present: false },
    ]);
    expect(found.map(({ prunable }) => prunable)).toEqual([null, null, null]);
  });

  it('takes one at a path that is no UTF-8 for there, though not to be worked in', async () => {
    const { git, folder } = await setUp();
    const script = 'exec git worktree add --quiet -b other "$0/$(printf "caf\\351")"';
    execFileSync('/bin/sh', ['-c', script, folder], { cwd: git.cwd });
    const other = (await listWorktrees(git)).find(({ branch }) => branch === 'refs/heads/other');
    expect(other).toMatchObject({ present: false, prunable: null });
    expect(Buffer.from(diskPath(other?.path ?? '')).toString('latin1')).toBe(`${folder}/caf\xe9`);
  });

  it('follows a relative path to a worktree', async () => {
    const { repository, git } = await setUp();
    writeFileSync(join(repository.path, '.git/worktrees/w/gitdir'), '../../../../w/.git\n');
    expect((await listWorktrees(git)).map(seen)).toEqual([main, linked]);
  });

  it('passes over what is half removed, and keeps to the rules for names of branches', async () => {
    const { repository, git } = await setUp();
    mkdirSync(join(repository.path, '.git/worktrees/half'));
    writeFileSync(join(repository.path, '.git/worktrees/w/HEAD'), 'ref: refs/heads/../../../x\n');
    expect((await listWorktrees(git)).map(seen)).toEqual([main, { ...linked, branch: null }]);
  });
});

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Workspace } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith, type TestRepository, testEnvironment } from '../test/repository.js';

const sh = promisify(execFile);

/** A task whose work is committed, with an odd name, so that commands have to be quoted. */
async function committedTask() {
  const { repository, base } = await repositoryWith({ a: 'a\n' });
  const provider = repository.providerWith({
    worktreeTemplate: "../it's {repo} {id}",
    branchTemplate: 'task/{id}$x',
  });
  const workspace = await repository.create('20', base, provider);
  const inside = repository.git.at(workspace.path);
  repository.write({ work: 'w\n' }, workspace.path);
  await inside.run(['add', 'work']);
  await inside.run(['commit', '--quiet', '-m', 'work']);
  const commit = await inside.text(['rev-parse', 'HEAD']);
  const collect = () => collectFrom(provider, { workspace, message: 'left' });
  return { repository, base, provider, workspace, inside, commit, collect };
}

/** The commands of a hint, up to where pwt itself is to go on. */
async function follow(repository: TestRepository, hint: string): Promise<string> {
  const [, command = ''] = /: ((?:git|mv) .*?)(?: && (pwt \S+( \d+)?))$/.exec(hint) ?? [];
  expect(command, hint).not.toBe('');
  await sh('/bin/sh', ['-c', command], { cwd: repository.path, env: testEnvironment });
  return command;
}

async function hintOf(act: () => Promise<unknown>): Promise<string> {
  const error = await act().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'PWT_WORKTREE_BROKEN' });
  return (error as { hint: string }).hint;
}

type Fault = (repository: TestRepository, workspace: Workspace) => Promise<unknown>;

const FAULTS: Readonly<Record<string, Fault>> = {
  'deleted with rm': async (_, { path }) => rmSync(path, { recursive: true }),
  'deleted and pruned': async (repository, { path }) => {
    rmSync(path, { recursive: true });
    await repository.git.run(['worktree', 'prune']);
  },
  'removed with git': ({ git }, { path }) => git.run(['worktree', 'remove', '--force', path]),
  'moved with git': ({ git }, { path }) => git.run(['worktree', 'move', path, `${path} else'where`]),
  'moved by hand': async (_, { path }) => renameSync(path, `${path}.mine`),
  'without .git': async (_, { path }) => rmSync(join(path, '.git')),
  'with a .git that says nothing': async (_, { path }) => writeFileSync(join(path, '.git'), 'nonsense\n'),
  forgotten: async ({ commonDir }) => rmSync(join(commonDir, 'worktrees'), { recursive: true }),
  'a repository of its own': async ({ git }, { path }) => {
    rmSync(join(path, '.git'));
    await git.at(path).run(['init', '--quiet', '.']);
  },
  'a file': async (_, { path }) => {
    rmSync(path, { recursive: true });
    writeFileSync(path, 'in the way\n');
  },
  'another worktree': async ({ git }, { path }) => {
    await git.run(['worktree', 'remove', '--force', path]);
    await git.run(['worktree', 'add', '--quiet', '--detach', path]);
  },
};

describe('a worktree that cannot be used any more', () => {
  it.each(Object.entries(FAULTS))(
    '%s: the command of the hint leads out, and the work is collected',
    async (_, fault) => {
      const { repository, workspace, commit, collect, provider, base } = await committedTask();
      await fault(repository, workspace);
      const hint = await hintOf(collect);
      await follow(repository, hint);
      expect(await collect()).toMatchObject({ commit, changes: [{ path: 'work', kind: 'added' }] });
      expect(await provider.remove({ workspace, containedIn: commit })).toEqual({ status: 'removed' });
      expect(await repository.git.text(['for-each-ref', '--format=%(refname)', 'refs/heads'])).toBe(
        'refs/heads/main',
      );
      expect(base).not.toBe(commit);
    },
  );

  it('with its branch gone: there is nothing but to start over, and that works', async () => {
    const { repository, workspace, base, collect, provider } = await committedTask();
    await repository.git.run(['worktree', 'remove', '--force', workspace.path]);
    await repository.git.run(['branch', '-D', workspace.branch ?? '']);
    expect(await hintOf(collect)).toMatch(/git fsck --lost-found.*pwt retry 20$/s);
    expect(await provider.remove({ workspace, force: ['dirty', 'unmerged'] })).toEqual({ status: 'gone' });
    expect(existsSync((await repository.create('20', base, provider)).path)).toBe(true);
  });

  it('is made anew where it was deleted before anything was done in it', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { path } = await repository.create('20', base);
    rmSync(path, { recursive: true });
    expect(existsSync((await repository.create('20', base)).path)).toBe(true);
    expect(await repository.linked()).toEqual([path]);
  });

  it('is not taken for ours where another branch is checked out in its place', async () => {
    const { repository, workspace, provider } = await committedTask();
    const { git } = repository;
    await git.run(['worktree', 'remove', '--force', workspace.path]);
    await git.run(['worktree', 'add', '--quiet', '-b', 'mine', workspace.path]);
    const removed = await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    expect(removed).toMatchObject({ status: 'kept', reason: 'not-ours' });
    mkdirSync(join(workspace.path, 'more'));
  });
});

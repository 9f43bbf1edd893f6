import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Git, listWorktrees } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith, templates, testEnvironment } from '../test/repository.js';
import { GitWorktreeProvider, type GitWorktreeProviderOptions } from './git-worktree-provider.js';
import { findHome } from './home.js';

/** A provider as `pwt` makes it in a checkout. */
async function providerAt(cwd: string, options: Partial<GitWorktreeProviderOptions> = {}) {
  const git = new Git({ cwd, env: testEnvironment });
  const commonDir = resolve(cwd, await git.text(['rev-parse', '--git-common-dir']));
  const provider = new GitWorktreeProvider({
    ...{ git, commonDir, stateDir: join(commonDir, 'pwt'), env: testEnvironment, ...templates },
    ...options,
  });
  const base = await git.text(['rev-parse', 'HEAD']);
  const create = async (taskId: string) =>
    (await provider.create({ runId: 'r1', taskId, title: 'T', base })).workspace;
  return { git, base, provider, create };
}

describe('where worktrees belong', () => {
  it('beside the main checkout and by its name, wherever its git directory is', async () => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    const { folder, path } = repository;
    const place = async (cwd: string) => {
      const { create, provider, base } = await providerAt(cwd);
      const workspace = await create('1');
      await provider.remove({ workspace, containedIn: base });
      return workspace.path;
    };
    const beside = join(folder, 'repo-wt1');
    expect(await place(path)).toBe(beside);
    renameSync(join(path, '.git'), join(path, '.git.nosync'));
    symlinkSync('.git.nosync', join(path, '.git'));
    expect(await place(path)).toBe(beside);
    mkdirSync(join(folder, 'stores'));
    await repository.git.run(['init', '--quiet', `--separate-git-dir=${join(folder, 'stores/one')}`]);
    expect(await place(path)).toBe(beside);
  });

  it('of a checkout with no other one around it, without a git process', async () => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath: '/no/git' });
    expect(await findHome(git, join(repository.path, '.git'))).toEqual({
      ...{ name: 'repo', root: repository.path, around: [] },
    });
    mkdirSync(join(repository.folder, '.git'));
    await expect(findHome(git, join(repository.path, '.git'))).rejects.toMatchObject({
      code: 'PWT_GIT_NOT_FOUND',
    });
  });

  it.each([
    ['app.git', 'app-wt1'],
    ['app/.bare', 'app/app-wt1'],
  ])('of a linked checkout of %s in %s', async (bare, expected) => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    const store = join(repository.folder, bare);
    await repository.git.run(['clone', '--quiet', '--bare', '.', store]);
    const linked = join(dirname(store), 'main');
    await repository.git.at(store).run(['worktree', 'add', '--quiet', linked, 'main']);
    const { create } = await providerAt(linked);
    expect((await create('1')).path).toBe(join(repository.folder, expected));
  });

  it('of a submodule, beside the outermost repository', async () => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    const outer = join(repository.folder, 'outer');
    mkdirSync(outer);
    const git = repository.git.at(outer);
    await git.run(['init', '--quiet']);
    await git.run(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repository.path, 'in']);
    const { create } = await providerAt(join(outer, 'in'));
    expect((await create('1')).path).toBe(join(repository.folder, 'in-wt1'));
    expect(await git.text(['status', '--porcelain'])).toBe('A  .gitmodules\nA  in');
    const inside = await providerAt(join(outer, 'in'), { worktreeTemplate: 'outer/{id}' });
    await expect(inside.create('2')).rejects.toMatchObject({ code: 'PWT_WORKTREE_LOCATION' });
  });

  it.each(['%s {id} {n}', 'new\nline', 'it\'s $HOME `id` "q"', '-dash', '{', 'ünï ☃ '])(
    'of a repository called %j',
    async (name) => {
      const { repository } = await repositoryWith({ a: 'a\n' });
      const path = join(repository.folder, name);
      renameSync(repository.path, path);
      const { create, provider, base } = await providerAt(path);
      const workspace = await create('1');
      expect(basename(workspace.path)).toBe(`${name}-wt1`);
      repository.write({ b: 'b\n' }, workspace.path);
      const { commit } = await collectFrom(provider, { workspace, message: 'work' });
      const scratch = await provider.scratch({ runId: 'r1', commit });
      expect(basename(scratch.path)).toBe(`${name}-gate-r1-1`);
      expect(base).not.toBe(commit);
      expect(await provider.remove({ workspace: scratch })).toEqual({ status: 'removed' });
      await provider.close({ runId: 'r1' });
      expect(await provider.remove({ workspace, containedIn: commit })).toEqual({ status: 'removed' });
      expect(await listWorktrees(repository.git.at(path))).toHaveLength(1);
    },
  );

  it('is refused in words where the file system does not take it', async () => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    repository.write({ file: 'a file\n' }, repository.folder);
    for (const [template, why] of [
      ['../file/{id}', 'a file is where a folder has to be'],
      [`../{id}-${'x'.repeat(300)}`, 'too long'],
    ] as const) {
      const { create } = await providerAt(repository.path, { worktreeTemplate: template });
      await expect(create('1')).rejects.toMatchObject({
        code: 'PWT_WORKTREE_LOCATION',
        message: expect.stringContaining(why),
      });
    }
  });

  it.each([
    [{ worktreeTemplate: '../{nope}' }, 'PWT_TEMPLATE_INVALID'],
    [{ branchTemplate: 'x/{id}.lock' }, 'PWT_TEMPLATE_INVALID'],
    [{ scratchTemplate: '../{id}' }, 'PWT_TEMPLATE_INVALID'],
    [{ worktreeTemplate: 'inside/{id}' }, 'PWT_WORKTREE_LOCATION'],
    [{ worktreeTemplate: '/dev/null/{id}' }, 'PWT_WORKTREE_LOCATION'],
  ])('is checked beforehand: %j', async (templates, code) => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    const { provider } = await providerAt(repository.path, templates);
    await expect(provider.check()).rejects.toMatchObject({ code, hint: expect.any(String) });
    const { provider: fine } = await providerAt(repository.path, {
      worktreeTemplate: '../not/there/yet/{id}',
    });
    await fine.check();
    expect(await repository.linked()).toEqual([]);
  });
});

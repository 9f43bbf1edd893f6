import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countingGit } from '../test/counting-git.js';
import { repositoryWith, type TestRepository } from '../test/repository.js';

async function expectNothing(repository: TestRepository): Promise<void> {
  expect(await repository.linked()).toEqual([]);
  expect(await repository.provider.list()).toEqual([]);
  expect(readdirSync(repository.folder)).toEqual(['repo']);
}

describe('scratch', () => {
  it('is a detached checkout of exactly the commit, removed whatever a gate has done to it', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n', '.gitignore': 'out\n' });
    const commit = await repository.commit({ a: 'b\n' });
    const provider = repository.providerWith({ scratchPoolSize: 0 });
    const workspace = await provider.scratch({ runId: 'r1', commit: base });
    expect(workspace).toMatchObject({ kind: 'scratch', runId: 'r1', base });
    expect(workspace.branch).toBeUndefined();
    const git = repository.git.at(workspace.path);
    expect(await git.text(['rev-parse', 'HEAD'])).toBe(base);
    expect((await git.run(['symbolic-ref', '-q', 'HEAD'], { okExitCodes: [0, 1] })).exitCode).toBe(1);
    const second = await provider.scratch({ runId: 'r1', commit });
    expect(second.path).not.toBe(workspace.path);
    repository.write({ a: 'dirty\n', new: 'n\n', out: 'o\n' }, workspace.path);
    expect(await provider.remove({ workspace })).toEqual({ status: 'removed' });
    expect(await provider.remove({ workspace })).toEqual({ status: 'gone' });
    expect(await provider.remove({ workspace: second })).toEqual({ status: 'removed' });
    await expectNothing(repository);
  });

  it('is equipped like a task: included files and setup', async () => {
    const { repository, base } = await repositoryWith({
      '.gitignore': '.env\nready\n',
      '.worktreeinclude': '.env\n',
    });
    repository.write({ '.env': 'secret\n' });
    const provider = repository.providerWith({ setup: { command: 'cp .env ready' } });
    const { path } = await provider.scratch({ runId: 'r1', commit: base });
    expect(readFileSync(join(path, 'ready'), 'utf8')).toBe('secret\n');
    const failing = repository.providerWith({ setup: { command: 'false' } });
    await expect(failing.scratch({ runId: 'r1', commit: base })).rejects.toMatchObject({
      code: 'PWT_SETUP_FAILED',
    });
    expect(await repository.linked()).toEqual([path]);
  });

  it('is used again from the pool, as good as new', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n', '.gitignore': 'out\n' });
    const commit = await repository.commit({ a: 'b\n', c: 'c\n' });
    const provider = repository.providerWith({ scratchPoolSize: 1 });
    const first = await provider.scratch({ runId: 'r1', commit });
    repository.write({ a: 'dirty\n', c: null, new: 'n\n', out: 'o\n', 'clone/x': 'x\n' }, first.path);
    await repository.git.run(['init', '--quiet', join(first.path, 'clone')]);
    expect(await provider.remove({ workspace: first })).toEqual({ status: 'removed' });
    expect(existsSync(first.path)).toBe(true);

    const second = await provider.scratch({ runId: 'r1', commit: base });
    expect(second).toMatchObject({ path: first.path, base });
    expect(readdirSync(second.path).sort()).toEqual(['.git', '.gitignore', 'a']);
    expect(readFileSync(join(second.path, 'a'), 'utf8')).toBe('a\n');

    const other = await provider.scratch({ runId: 'r2', commit: base });
    expect(other.path).not.toBe(first.path);
    await provider.remove({ workspace: other });
    await provider.remove({ workspace: second });
    await provider.close({ runId: 'r1' });
    await provider.close({ runId: 'r2' });
    await expectNothing(repository);
  });

  it.each([
    ['an edit that git was told not to look at', ['update-index', '--assume-unchanged', 'a']],
    ['an edit of a file that counts as not checked out', ['update-index', '--skip-worktree', 'a']],
    ['a commit on a branch of its own', ['checkout', '--quiet', '-b', 'of-the-gate']],
    ['a staged edit', ['add', 'a']],
  ])('is exactly its commit after a gate has left %s', async (_, args) => {
    const { repository, base } = await repositoryWith({ a: 'a\n', b: 'b\n' });
    const commit = await repository.commit({ b: 'c\n' });
    const first = await repository.provider.scratch({ runId: 'r1', commit });
    const gate = repository.git.at(first.path);
    repository.write({ a: 'by the gate\n' }, first.path);
    await gate.run(args);
    await gate.run(['commit', '--quiet', '--allow-empty', '-m', 'by the gate']);
    await repository.provider.remove({ workspace: first });

    const { path } = await repository.provider.scratch({ runId: 'r1', commit: base });
    expect(readFileSync(join(path, 'a'), 'utf8')).toBe('a\n');
    const git = repository.git.at(path);
    expect(await git.text(['rev-parse', 'HEAD'])).toBe(base);
    expect(await git.text(['ls-files', '-v'])).toBe('H a\nH b');
    expect(await git.text(['status', '--porcelain', '--ignored'])).toBe('');
  });

  it('is made anew where the idle one can not be moved', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const first = await repository.provider.scratch({ runId: 'r1', commit: base });
    await repository.provider.remove({ workspace: first });
    repository.write({ 'index.lock': '' }, join(repository.commonDir, 'worktrees/repo-gate-r1-1'));
    const second = await repository.provider.scratch({ runId: 'r1', commit: base });
    expect(await repository.git.at(second.path).text(['status', '--porcelain'])).toBe('');
    expect(await repository.linked()).toEqual([second.path]);
  });

  it('is moved with few git processes', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const commit = await repository.commit({ a: 'b\n' });
    const { git, count } = countingGit(repository.path);
    const provider = repository.providerWith({ git });
    await provider.remove({ workspace: await provider.scratch({ runId: 'r1', commit }) });
    expect(await count(() => provider.scratch({ runId: 'r1', commit: base }))).toBe(2);
  });

  it('leaves what is in its place, and takes the next number', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    repository.write({ precious: 'mine\n' }, join(repository.folder, 'repo-gate-r1-1'));
    const { path } = await repository.provider.scratch({ runId: 'r1', commit: base });
    expect(path).toBe(join(repository.folder, 'repo-gate-r1-2'));
    expect(existsSync(join(repository.folder, 'repo-gate-r1-1/precious'))).toBe(true);
  });

  it('makes several at once', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const made = await Promise.all(
      [1, 2, 3, 4].map(() => repository.provider.scratch({ runId: 'r1', commit: base })),
    );
    expect(new Set(made.map(({ path }) => path)).size).toBe(4);
  });
});

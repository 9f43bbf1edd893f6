import { existsSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCommit } from '../test/commit-object.js';
import { emptyRepository, repositoryWith } from '../test/repository.js';
import { commitTree } from './commit.js';
import { commitAll, writeWorktreeTree } from './commit-all.js';
import type { Git } from './git.js';
import { readOperationState } from './operation.js';
import { readStatus } from './status.js';
import { listPaths } from './tree.js';

const agent = { name: 'An agent', email: 'agent@example.com', date: new Date(1_600_000_000_500) };

async function readCommit(git: Git, id: string) {
  return parseCommit(id, (await git.runBytes(['cat-file', 'commit', id])).stdout);
}

describe('commitTree', () => {
  it('writes what it is given and moves no ref', async () => {
    const { git } = await repositoryWith({ a: '1' });
    const head = await git.text(['rev-parse', 'HEAD']);
    const tree = await git.text(['rev-parse', 'HEAD^{tree}']);
    await git.run(['config', 'commit.gpgSign', 'true']);
    const message = '# not a comment\n\n  ünï "quoted" $(no)\n\n\n';
    const id = await commitTree(git, {
      tree,
      parents: [head, head.slice(0, 12)].slice(0, 1),
      message,
      author: agent,
    });
    expect(await readCommit(git, id)).toEqual({
      ...{ id, tree, parents: [head], message },
      author: { name: 'An agent', email: 'agent@example.com', timestamp: 1_600_000_000, timezone: '+0000' },
      committer: { name: 'Carl', email: 'carl@example.com', timestamp: 1_700_000_060, timezone: '+0000' },
    });
    expect(await git.text(['rev-parse', 'HEAD'])).toBe(head);
  });
});

describe('commitAll', () => {
  it('commits everything that is not ignored, as it is told to', async () => {
    const repository = await repositoryWith({ '.gitignore': 'secret', gone: '1', edited: '1' });
    const { git, path } = repository;
    await git.run(['config', 'commit.gpgSign', 'true']);
    await git.run(['config', 'commit.cleanup', 'strip']);
    await git.run(['config', 'core.hooksPath', '.git/hooks']);
    writeFileSync(join(path, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const names = ['-dash', ':(top)x', 'new\nline', 'q"uote', '*', 'secret'];
    repository.write({ gone: null, edited: '2', ...Object.fromEntries(names.map((name) => [name, name])) });
    const outcome = await commitAll(git, { message: '# task\n\nbody\n', author: agent, committer: agent });
    expect(outcome).toEqual({ status: 'committed', commit: await git.text(['rev-parse', 'main']) });
    const commit = await readCommit(git, outcome.commit);
    expect(commit).toMatchObject({ message: '# task\n\nbody\n', committer: { name: 'An agent' } });
    const paths = ['.gitignore', 'edited', ...names.slice(0, -1)];
    expect((await listPaths(git, outcome.commit)).sort()).toEqual(paths.sort());
    expect(await commitAll(git, { message: 'again' })).toEqual({ ...outcome, status: 'unchanged' });
  });

  it('makes a first commit, and leaves out what it is told to', async () => {
    const repository = await emptyRepository();
    repository.write({ 'kept/a': '1', 'no[de]/x': '1', 'node/x': '1' });
    symlinkSync('/elsewhere', join(repository.path, 'modules'));
    const { commit } = await commitAll(repository.git, { message: 'm', exclude: ['no[de]', 'modules'] });
    expect(await listPaths(repository.git, commit)).toEqual(['kept/a', 'node/x']);
  });

  it('throws on a nested repository that git cannot add, and commits nothing', async () => {
    const repository = await repositoryWith({ a: '1' });
    await repository.git.run(['init', '--quiet', 'nested']);
    repository.write({ a: '2' });
    const head = await repository.git.text(['rev-parse', 'HEAD']);
    const answer = commitAll(repository.git, { message: 'm' });
    await expect(answer).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    expect(await repository.git.text(['rev-parse', 'HEAD'])).toBe(head);
  });
});

describe('writeWorktreeTree', () => {
  it('takes everything, and leaves index, HEAD and files as they are', async () => {
    const repository = await repositoryWith({ '.gitignore': 'ignored', a: '1', gone: '1' });
    const { git, path } = repository;
    repository.write({ staged: '1', ignored: 'x' });
    await git.run(['add', 'staged']);
    repository.write({ staged: '2', untracked: '1', gone: null });
    writeFileSync(join(path, '.git/index.lock'), 'an agent is committing');
    const state = async () => ({
      status: await readStatus(git),
      index: readFileSync(join(path, '.git/index')).toString('hex'),
      time: statSync(join(path, '.git/index'), { bigint: true }).mtimeNs,
      head: await git.text(['rev-parse', 'HEAD']),
    });
    const before = await state();
    const tree = await writeWorktreeTree(git);
    expect(await state()).toEqual(before);
    expect(await listPaths(git, tree)).toEqual(['.gitignore', 'a', 'staged', 'untracked']);
    expect(await git.text(['cat-file', 'blob', `${tree}:staged`])).toBe('2');
    const without = await writeWorktreeTree(git, { exclude: ['untracked'] });
    expect(await listPaths(git, without)).toEqual(['.gitignore', 'a', 'staged']);
  });

  it('sees an edit of the same size in the same tick of the clock as the index', async () => {
    const repository = await repositoryWith({ a: '1' });
    const { git, path } = repository;
    const tick = new Date('2026-01-01T00:00:00Z');
    // Without it the change time, which can't be set, would give the edit away.
    await git.run(['config', 'core.trustctime', 'false']);
    utimesSync(join(path, 'a'), tick, tick);
    await git.run(['update-index', '--refresh']);
    repository.write({ a: '2' });
    utimesSync(join(path, 'a'), tick, tick);
    utimesSync(join(path, '.git/index'), tick, tick);
    expect(await git.text(['cat-file', 'blob', `${await writeWorktreeTree(git)}:a`])).toBe('2');
  });

  it('works without an index', async () => {
    const { git, path } = await repositoryWith({ a: '1', 'b/c': '2' });
    rmSync(join(path, '.git/index'));
    expect(await writeWorktreeTree(git)).toBe(await git.text(['rev-parse', 'HEAD^{tree}']));
    expect(existsSync(join(path, '.git/index'))).toBe(false);
    const empty = await emptyRepository();
    expect(await listPaths(empty.git, await writeWorktreeTree(empty.git))).toEqual([]);
  });
});

describe('readOperationState', () => {
  async function conflicting() {
    const repository = await repositoryWith({ a: '1' });
    await repository.branch('side', 'main', { a: 'side' });
    await repository.git.run(['switch', '-q', 'main']);
    await repository.commit({ a: 'main' });
    await repository.commit({ b: 'main' });
    return repository;
  }

  it.each([
    [null, ['status']],
    ['merge', ['merge', 'side']],
    ['cherry-pick', ['cherry-pick', 'side']],
    ['revert', ['revert', '--no-edit', 'HEAD~1', 'HEAD~2']],
    ['rebase', ['rebase', '--quiet', 'side']],
    ['rebase', ['rebase', '--quiet', '--apply', 'side']],
    ['bisect', ['bisect', 'start']],
  ])('finds %s after git %j', async (operation, args) => {
    const repository = await conflicting();
    if (operation === 'revert') await repository.commit({ a: 'later' });
    await repository.git.run(args, { okExitCodes: [0, 1, 128] });
    expect(await readOperationState(repository.git)).toEqual({ operation, indexLocked: false });
  });

  it('finds an unfinished series whose current step is committed', async () => {
    const { git } = await conflicting();
    await git.run(['branch', 'more', 'side']);
    await git.run(['switch', '-q', 'more']);
    await git.run(['commit', '-q', '--allow-empty', '-m', 'more']);
    await git.run(['switch', '-q', 'main']);
    await git.run(['cherry-pick', '--allow-empty', 'main..more'], { okExitCodes: [1] });
    await git.run(['commit', '-q', '-a', '-m', 'resolved']);
    expect(await readOperationState(git)).toEqual({ operation: 'cherry-pick', indexLocked: false });
  });

  it('finds am in a linked worktree, and not in the main one', async () => {
    const { git, folder, path } = await conflicting();
    const linked = git.at(join(folder, 'linked'));
    await git.run(['worktree', 'add', '-q', '--detach', linked.cwd]);
    const patch = await git.text(['format-patch', '-1', '--stdout', 'side']);
    await linked.run(['am', '--quiet'], { input: `${patch}\n`, okExitCodes: [128] });
    writeFileSync(join(path, '.git/worktrees/linked/index.lock'), '');
    expect(await readOperationState(linked)).toEqual({ operation: 'am', indexLocked: true });
    expect(await readOperationState(git)).toEqual({ operation: null, indexLocked: false });
  });
});

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import {
  collectFrom,
  type Files,
  fingerprint,
  repositoryWith,
  testEnvironment,
  userState,
} from '../test/repository.js';

const MESSAGE = 'Task 20\n\n# not a comment';

async function workspaceWith(
  files: Files = { a: 'a\n', old: 'some lines\nof a file\nto rename\n', gone: 'g\n' },
) {
  const { repository, base } = await repositoryWith({ '.gitignore': '*.log\n', ...files });
  const workspace = await repository.create('20', base);
  const git = repository.git.at(workspace.path);
  const write = (changed: Files) => repository.write(changed, workspace.path);
  const collect = () => collectFrom(repository.provider, { workspace, message: MESSAGE });
  return { repository, base, workspace, git, write, collect };
}

async function commitIn(git: Git, message = 'agent'): Promise<string> {
  await git.run(['add', '--all']);
  await git.run(['commit', '--quiet', '--allow-empty', '-m', message]);
  return git.text(['rev-parse', 'HEAD']);
}

describe('collect', () => {
  it('gives the base back where nothing was done', async () => {
    const { base, collect } = await workspaceWith();
    expect(await collect()).toEqual({
      status: 'collected',
      commit: base,
      changes: [],
      committedLeftovers: false,
    });
  });

  it('takes what the agent has committed as it is', async () => {
    const { write, git, collect } = await workspaceWith();
    write({ a: 'A\n' });
    const commit = await commitIn(git);
    const changes = [{ path: 'a', kind: 'modified' }];
    expect(await collect()).toEqual({ status: 'collected', commit, changes, committedLeftovers: false });
  });

  it('commits every kind of leftover once, with the message as it is', async () => {
    const { write, git, base, workspace, collect } = await workspaceWith();
    write({ a: 'A\n', gone: null, old: null, renamed: 'some lines\nof a file\nto rename\n' });
    write({ 'new/file': 'n\n', 'x.log': 'ignored\n', 'tab\tname': 't\n', link: { link: 'a' } });
    await git.run(['add', 'new/file']);
    write({ 'new/file': 'edited after staging\n' });

    const result = await collect();

    expect(result.committedLeftovers).toBe(true);
    expect([...result.changes].sort((x, y) => (x.path < y.path ? -1 : 1))).toEqual([
      { path: 'a', kind: 'modified' },
      { path: 'gone', kind: 'deleted' },
      { path: 'link', kind: 'added' },
      { path: 'new/file', kind: 'added' },
      { path: 'renamed', kind: 'renamed', from: 'old' },
      { path: 'tab\tname', kind: 'added' },
    ]);
    expect(await git.text(['log', '-1', '--format=%P %B', result.commit])).toBe(`${base} ${MESSAGE}\n`);
    expect(await git.text(['rev-parse', `refs/heads/${workspace.branch}`])).toBe(result.commit);
    expect(await git.text(['status', '--porcelain'])).toBe('');
    expect(existsSync(join(workspace.path, 'x.log'))).toBe(true);
    // A commit has room for one content of a file: the other one is in a snapshot.
    const { snapshot, ...collected } = result;
    expect(await git.text(['show', `${snapshot?.ref}^2:new/file`])).toBe('n');
    expect(await collect()).toEqual({ ...collected, committedLeftovers: false });
  });

  it('sees a mode and a type change', async () => {
    const { write, workspace, collect } = await workspaceWith();
    chmodSync(join(workspace.path, 'a'), 0o755);
    write({ gone: { link: 'a' } });
    expect((await collect()).changes).toEqual([
      { path: 'a', kind: 'modified' },
      { path: 'gone', kind: 'type-changed' },
    ]);
  });

  it('runs no hook and asks for no passphrase', async () => {
    const { repository, write, git, collect } = await workspaceWith();
    for (const hook of ['pre-commit', 'commit-msg', 'prepare-commit-msg']) {
      mkdirSync(join(repository.commonDir, 'hooks'), { recursive: true });
      writeFileSync(join(repository.commonDir, 'hooks', hook), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    }
    await git.run(['config', 'commit.gpgSign', 'true']);
    await git.run(['config', 'gpg.program', '/nonexistent/gpg']);
    write({ a: 'A\n' });
    expect((await collect()).committedLeftovers).toBe(true);
  });

  it('commits as pwt where git has no identity, and as the user where it has', async () => {
    const { repository, workspace, write, git, collect } = await workspaceWith();
    write({ a: 'A\n' });
    await collect();
    expect(await git.text(['log', '-1', '--format=%an %cn'])).toBe('Ada Carl');
    write({ a: 'AA\n' });
    const env = Object.fromEntries(
      Object.entries(testEnvironment).filter(([name]) => !/_(NAME|EMAIL)$/.test(name)),
    );
    const anonymous = repository.providerWith({ git: new Git({ cwd: repository.path, env }) });
    await collectFrom(anonymous, { workspace, message: MESSAGE });
    expect(await git.text(['log', '-1', '--format=%an <%ae> %cn'])).toBe('pwt <pwt@localhost> pwt');
  });
});

describe('where the agent has left HEAD', () => {
  it('on another branch', async () => {
    const { write, git, collect } = await workspaceWith();
    await git.run(['switch', '--quiet', '-c', 'agents-own']);
    write({ a: 'A\n' });
    await commitIn(git);
    write({ b: 'B\n' });
    const { commit, committedLeftovers } = await collect();
    expect(committedLeftovers).toBe(true);
    expect(await git.text(['rev-parse', 'agents-own'])).toBe(commit);
  });

  it('detached, with a commit and leftovers', async () => {
    const { write, git, collect } = await workspaceWith();
    await git.run(['checkout', '--quiet', '--detach']);
    write({ a: 'A\n' });
    await commitIn(git);
    write({ b: 'B\n' });
    const { commit, changes } = await collect();
    expect(changes.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(await git.text(['rev-parse', 'HEAD'])).toBe(commit);
  });

  it('behind the work on its branch', async () => {
    const { write, git, base, collect } = await workspaceWith();
    write({ a: 'A\n' });
    const work = await commitIn(git);
    await git.run(['checkout', '--quiet', '--detach', base]);
    expect((await collect()).commit).toBe(work);
  });

  it('reset below the base: what came after that commit is no change of the task', async () => {
    const { repository, base: first } = await repositoryWith({ a: '1\n', b: '1\n' });
    await repository.commit({ a: '2\n' });
    const base = await repository.commit({ c: 'c\n' });
    const workspace = await repository.create('20', base);
    const { provider } = repository;
    const collect = () => collectFrom(provider, { workspace, message: MESSAGE });
    const git = repository.git.at(workspace.path);
    await git.run(['reset', '--quiet', '--hard', first]);
    expect(await provider.changes(workspace)).toEqual([]);
    expect(await collect()).toEqual({
      status: 'collected',
      commit: first,
      changes: [],
      committedLeftovers: false,
    });
    repository.write({ b: 'work\n' }, workspace.path);
    const changes = [{ path: 'b', kind: 'modified' }];
    expect(await provider.changes(workspace)).toEqual(changes);
    expect((await collect()).changes).toEqual(changes);
  });

  it('with the history of the base behind it: an older version brought back by a commit is a change', async () => {
    const { repository, base: first } = await repositoryWith({ a: '1\n' });
    const base = await repository.commit({ a: '2\n' });
    const workspace = await repository.create('20', base);
    await repository.git.at(workspace.path).run(['checkout', first, '--', 'a']);
    const changes = [{ path: 'a', kind: 'modified' }];
    expect(await repository.provider.changes(workspace)).toEqual(changes);
    expect((await collectFrom(repository.provider, { workspace, message: MESSAGE })).changes).toEqual(
      changes,
    );
  });

  it('on a history of its own: what differs from the base', async () => {
    const { workspace, write, git, collect, repository } = await workspaceWith({ a: 'a\n', b: 'b\n' });
    await git.run(['checkout', '--quiet', '--orphan', 'fresh']);
    write({ a: 'A\n' });
    const changes = [{ path: 'a', kind: 'modified' }];
    expect(await repository.provider.changes(workspace)).toEqual(changes);
    expect((await collect()).changes).toEqual(changes);
    expect(await repository.provider.changes(workspace)).toEqual(changes);
  });
});

describe('what is not committed', () => {
  it('a repository inside, and a link that leads out (a shared node_modules)', async () => {
    const { repository, workspace, write, git, collect } = await workspaceWith({
      '.gitignore': 'node_modules/\n',
    });
    write({ work: 'w\n', 'clone/file': 'f\n', 'empty/x': '' });
    await git.run(['init', '--quiet', 'clone']);
    await git.run(['init', '--quiet', 'empty']);
    await commitIn(git.at(join(workspace.path, 'clone')));
    symlinkSync(join(repository.folder, 'elsewhere'), join(workspace.path, 'node_modules'));
    symlinkSync('../../up', join(workspace.path, 'up'));
    const { changes, commit, findings } = await collect();
    expect(changes).toEqual([{ path: 'work', kind: 'added' }]);
    expect(findings).toMatchObject([
      { kind: 'nested-repository', severity: 'warning', taskIds: ['20'], subjects: ['clone'] },
      { kind: 'nested-repository', subjects: ['empty'] },
      { kind: 'link-outside', severity: 'warning', subjects: ['node_modules', 'up'] },
    ]);
    expect((await collect()).commit).toBe(commit);
    expect(existsSync(join(workspace.path, 'clone/file'))).toBe(true);
  });
});

describe('what stops a collection', () => {
  async function expectUntouched(workspace: Workspace, act: () => Promise<unknown>, code: string) {
    const before = fingerprint(workspace.path);
    await expect(act()).rejects.toMatchObject({ code, hint: expect.any(String) });
    expect(fingerprint(workspace.path)).toEqual(before);
  }

  it('a `.git` file that is gone', async () => {
    const { workspace, write, collect, repository } = await workspaceWith();
    write({ a: 'work\n' });
    rmSync(join(workspace.path, '.git'));
    await expectUntouched(workspace, collect, 'PWT_WORKTREE_BROKEN');
    await expectUntouched(workspace, () => repository.provider.changes(workspace), 'PWT_WORKTREE_BROKEN');
    await repository.git.run(['worktree', 'repair']);
    expect((await collect()).committedLeftovers).toBe(true);
  });

  it('another repository in its place, or none', async () => {
    const { workspace, collect, git } = await workspaceWith();
    renameSync(workspace.path, `${workspace.path}-moved`);
    await expect(collect()).rejects.toMatchObject({ code: 'PWT_WORKTREE_BROKEN' });
    mkdirSync(workspace.path);
    await git.run(['init', '--quiet', '.']);
    await expectUntouched(workspace, collect, 'PWT_WORKTREE_BROKEN');
  });

  it('a merge, rebase or cherry-pick in progress', async () => {
    const start: Record<string, string[]> = {
      merge: ['merge', '--no-commit', '--no-ff', 'side'],
      rebase: ['rebase', '--exec', 'false', '--root'],
      bisect: ['bisect', 'start'],
    };
    for (const args of Object.values(start)) {
      const { repository, workspace, collect, git, base } = await workspaceWith();
      const side = await git.text(['commit-tree', `${base}^{tree}`, '-p', base, '-m', 's']);
      await repository.git.run(['branch', 'side', side]);
      await git.run(args, { okExitCodes: [0, 1] });
      const before = await userState(git);
      await expectUntouched(workspace, collect, 'PWT_WORKTREE_BUSY');
      expect(await userState(git)).toEqual(before);
    }
  });

  it('conflicts that a stash has left', async () => {
    const { workspace, collect, git, write } = await workspaceWith();
    write({ a: 'stashed\n' });
    await git.run(['stash', '--quiet']);
    write({ a: 'committed\n' });
    await commitIn(git);
    await git.run(['stash', 'pop', '--quiet'], { okExitCodes: [0, 1] });
    await expectUntouched(workspace, collect, 'PWT_WORKTREE_BUSY');
  });

  it('a lock', async () => {
    const { workspace, collect, git } = await workspaceWith();
    writeFileSync(await git.text(['rev-parse', '--git-path', 'index.lock']), '');
    await expectUntouched(workspace, collect, 'PWT_WORKTREE_BUSY');
  });
});

describe('changes', () => {
  it('are what collect would find, and change nothing', async () => {
    const { repository, workspace, write, git, collect } = await workspaceWith();
    write({ a: 'A\n' });
    await commitIn(git);
    write({ old: null, renamed: 'some lines\nof a file\nto rename\n', new: 'n\n', gone: 'staged\n' });
    await git.run(['add', 'gone']);
    const before = [fingerprint(workspace.path), await userState(git)];
    const changes = await repository.provider.changes(workspace);
    expect([fingerprint(workspace.path), await userState(git)]).toEqual(before);
    expect(changes).toEqual((await collect()).changes);
    expect(changes).toContainEqual({ path: 'renamed', kind: 'renamed', from: 'old' });
  });
});

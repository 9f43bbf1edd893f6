import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareRepository, compareWork } from '@pwt/core';
import { Git } from '@pwt/git';
import { type RepositoryObserverHarness, repositoryObserverSuite, TemporaryRepository } from '@pwt/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { GitRepositoryObserver } from './git-repository-observer.js';

const runner = { describe, test: it };
const request = { target: 'main', runId: 'run-1', ownBranches: ['feature/us-1'] };

async function setUp(files?: Record<string, string>) {
  const repository = await TemporaryRepository.create(files);
  const { path, env } = repository;
  const commonDir = join(path, '.git');
  const git = new Git({ cwd: path, env });
  const observer = new GitRepositoryObserver({ git, commonDir, runsDir: join(commonDir, 'pwt/runs') });
  return { repository, observer, git, path, commonDir };
}

repositoryObserverSuite(runner, async (): Promise<RepositoryObserverHarness> => {
  const { repository, observer, git } = await setUp();
  return {
    observer,
    configure: async (key, value) => void (await git.run(['config', key, value])),
    async write(path, text, { stage = false } = {}) {
      await repository.write({ [path]: text });
      if (stage) await git.run(['add', '--', path]);
    },
    setRef: async (ref, exists) =>
      void (await git.run(exists ? ['update-ref', ref, 'HEAD'] : ['update-ref', '-d', ref])),
    dispose: () => repository.dispose(),
  };
});

describe('GitRepositoryObserver', () => {
  /** What it finds after something was done to a fresh repository. */
  async function foundAfter(
    act: (at: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>,
    files?: Record<string, string>,
  ) {
    const at = await setUp(files);
    onTestFinished(() => at.repository.dispose());
    const before = await at.observer.observe(request);
    await act(at);
    const after = await at.observer.observe(request);
    const changes = [...compareRepository(before, after), ...compareWork(before, after)];
    return { ...at, after, changes };
  }

  it('sees that the checkout is said to be bare, and says how to put it back', async () => {
    const { changes, git } = await foundAfter(({ git }) => git.run(['config', 'core.bare', 'true']));
    expect(changes).toMatchObject([{ kind: 'config', severity: 'error', subjects: ['core.bare'] }]);
    const command = changes[0]?.hint?.split(': git ')[1]?.split(' ') ?? [];
    await git.run(command);
    expect(await git.text(['config', 'core.bare'])).toBe('false');
  });

  it('sees a configuration that git itself refuses', async () => {
    for (const act of [
      ({ git }: { git: Git }) => git.run(['config', 'core.repositoryFormatVersion', '7']),
      ({ git }: { git: Git }) => git.run(['config', 'core.fileMode', 'maybe']),
      ({ commonDir }: { commonDir: string }) => appendFile(join(commonDir, 'config'), '[broken\n'),
    ]) {
      const { after, changes } = await foundAfter(act);
      expect(after.unreadable ?? after.files).not.toEqual({});
      expect(changes.some(({ kind }) => kind === 'config')).toBe(true);
    }
  });

  it('tells commands from other keys, also in a file that is included, and keeps no value of them', async () => {
    const { changes, after } = await foundAfter(async ({ git, commonDir }) => {
      await writeFile(join(commonDir, 'more'), '[filter "x"]\n\tclean = secret-command\n');
      await git.run(['config', 'include.path', 'more']);
      await git.run(['config', 'branch.feature/us-1.remote', 'own']);
      await git.run(['config', 'user.email', 'secret@example.com']);
    });
    expect(changes).toMatchObject([
      { kind: 'config', severity: 'warning', subjects: ['filter.x.clean', 'include.path'] },
      { kind: 'config', severity: 'info', subjects: ['user.email'] },
    ]);
    expect(JSON.stringify(after)).not.toContain('secret');
  });

  it('does not mind a sparse checkout of the user’s, with a configuration of its own', async () => {
    const { changes } = await foundAfter(({ git }) => git.run(['sparse-checkout', 'set', 'src']), {
      'src/a': 'a',
      'b/b': 'b',
    });
    expect(changes.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(changes.some(({ subjects = [] }) => subjects.includes('core.sparsecheckout'))).toBe(true);
  });

  it('sees hooks by content and mode, and the files beside the configuration', async () => {
    const { changes } = await foundAfter(async ({ commonDir }) => {
      mkdirSync(join(commonDir, 'hooks'), { recursive: true });
      writeFileSync(join(commonDir, 'hooks/pre-commit'), '#!/bin/sh\n');
      chmodSync(join(commonDir, 'hooks/pre-commit'), 0o755);
      await writeFile(join(commonDir, 'info/attributes'), '* filter=x\n');
    });
    expect(changes).toMatchObject([
      { kind: 'hooks', subjects: ['hooks/pre-commit'] },
      { kind: 'config', subjects: ['info/attributes'] },
    ]);
  });

  it('sees the user’s checkout switched, detached, and the target checked out elsewhere', async () => {
    const switched = await foundAfter(async ({ git, path }) => {
      await git.run(['switch', '--quiet', '--create', 'other']);
      await git.run(['worktree', 'add', '--quiet', `${path}-x`, 'main']);
    });
    expect(switched.changes).toMatchObject(
      [
        { kind: 'head', hint: expect.stringContaining('switch main') },
        { kind: 'checkouts', subjects: [`${switched.path}-x`] },
        { kind: 'refs', subjects: ['refs/heads/other'] },
      ].slice(0, 2),
    );
    const detached = await foundAfter(({ git }) => git.run(['switch', '--quiet', '--detach']));
    expect(detached.changes).toMatchObject([{ kind: 'head' }]);
  });

  it('sees the stash grow and be dropped from the middle', async () => {
    const { changes, observer, git, repository } = await foundAfter(async ({ git, repository }) => {
      for (const text of ['1', '2']) {
        await repository.write({ 'README.md': text });
        await git.run(['stash', 'push', '--quiet', '--message', `entry ${text}`]);
      }
    });
    expect(changes).toMatchObject([{ kind: 'stash', message: expect.stringContaining('entry 2') }]);
    const before = await observer.observe(request);
    await git.run(['stash', 'drop', '--quiet', 'stash@{1}']);
    const after = await observer.observe(request);
    expect(compareRepository(before, after)).toMatchObject([{ kind: 'stash' }]);
    expect(repository.path).toBe(git.cwd);
  });

  it('guesses a rename of the target', async () => {
    const { changes } = await foundAfter(({ git }) => git.run(['branch', '-m', 'main', 'trunk']));
    expect(changes[0]).toMatchObject({
      ...{ kind: 'target', severity: 'error', hint: expect.stringContaining('git branch -m trunk main') },
    });
  });

  it('takes files with odd names and many kinds of change as they are', async () => {
    const { changes } = await foundAfter(
      async ({ path, git, repository }) => {
        await repository.write({ 'a b\nc': 'x', 'old.txt': 'new' });
        await rm(join(path, 'gone.txt'));
        await git.run(['rm', '--quiet', '--cached', 'kept.txt']);
      },
      { 'old.txt': 'old', 'gone.txt': 'g', 'kept.txt': 'k' },
    );
    expect(changes).toMatchObject([
      { kind: 'index', subjects: ['kept.txt'] },
      { kind: 'files', subjects: ['a b\nc', 'gone.txt', 'old.txt'] },
    ]);
  });

  it('changes nothing, not even the index', async () => {
    const { observer, path, repository } = await setUp();
    onTestFinished(() => repository.dispose());
    const index = () => [readFileSync(join(path, '.git/index')), statSync(join(path, '.git/index')).mtimeMs];
    await repository.write({ 'README.md': 'hello\n' });
    const before = index();
    await observer.observe(request);
    expect(index()).toEqual(before);
  });

  it('keeps its record for the user alone, and makes nothing of a damaged one', async () => {
    const { observer, commonDir, repository } = await setUp();
    onTestFinished(() => repository.dispose());
    const state = await observer.observe(request);
    await observer.keep('run-1', { start: state, last: state, reported: state });
    const file = join(commonDir, 'pwt/runs/run-1/repository.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await writeFile(file, readFileSync(file, 'utf8').slice(0, 100));
    expect(await observer.recall('run-1')).toBeUndefined();
  });
});

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { countingGit } from '../test/counting-git.js';
import { repositoryWith, type TestRepository } from '../test/repository.js';
import type { GitWorktreeProvider } from './git-worktree-provider.js';
import { recordsIn } from './records.js';

/** In full; otherwise a sample of what takes the same way. */
const PROVE = process.env.PWT_PROVE === '1';

const request = { runId: 'r1', taskId: '1', title: 'Task 1' };
const branch = 'feature/us-001';

/** A repository with two commits, of which the second changes a file, adds one and deletes one. */
async function twoCommits() {
  const { repository, base } = await repositoryWith({ a: 'a\n', gone: 'g\n', '.gitignore': 'out\n' });
  const next = await repository.commit({ a: 'b\n', gone: null, new: 'n\n' });
  const path = join(repository.folder, 'repo-wt1');
  return { repository, base, next, path };
}

/** As `git worktree add` would have made it: files, branch, and nothing beyond. */
async function expectFresh(repository: TestRepository, workspace: Workspace, commit: string): Promise<void> {
  const git = repository.git.at(workspace.path);
  expect(await git.text(['rev-parse', 'HEAD'])).toBe(commit);
  expect(await git.text(['symbolic-ref', '--short', 'HEAD'])).toBe(branch);
  expect(await git.text(['status', '--porcelain', '--ignored'])).toBe('');
  expect(workspace).toMatchObject({ kind: 'task', taskId: '1', base: commit, branch });
}

async function snapshots(repository: TestRepository): Promise<string[]> {
  return repository.git.lines(['for-each-ref', '--format=%(refname)', 'refs/pwt/r1/snapshots']);
}

describe('a worktree that is ready ahead of its task', () => {
  it('is handed over with one git process, and moved before that with three', async () => {
    const { repository, base, next } = await twoCommits();
    const { git, count } = countingGit(repository.path);
    const provider = repository.providerWith({ git });
    await provider.prepare({ ...request, base });
    expect(await count(() => provider.prepare({ ...request, base }))).toBe(0);
    expect(await count(() => provider.prepare({ ...request, base: next }))).toBe(3);
    expect(await count(() => provider.create({ ...request, base: next }))).toBe(1);
    await provider.prepare({ ...request, taskId: '2', base });
    expect(await count(() => provider.create({ ...request, taskId: '2', base: next }))).toBe(2);
  });

  it('is as new after a move, in both directions', async () => {
    const { repository, base, next } = await twoCommits();
    await repository.provider.prepare({ ...request, base });
    await repository.provider.prepare({ ...request, base: next });
    await repository.provider.prepare({ ...request, base });
    const { workspace } = await repository.provider.create({ ...request, base: next });
    await expectFresh(repository, workspace, next);
    expect(readdirSync(workspace.path).sort()).toEqual(['.git', '.gitignore', 'a', 'new']);
  });

  it('is set up ahead, and anew from nothing at every base; the task is told of it', async () => {
    const { repository, base, next } = await twoCommits();
    // Fails where an earlier set-up has left something.
    const provider = repository.providerWith({ setup: { command: 'mkdir out && cp a out/a' } });
    await provider.prepare({ ...request, base });
    await provider.prepare({ ...request, base: next });
    const { workspace, setup } = await provider.create({ ...request, base: next });
    expect(setup).toMatchObject({ durationMs: expect.any(Number), logFile: expect.stringContaining('r1.1') });
    expect(readFileSync(join(workspace.path, 'out/a'), 'utf8')).toBe('b\n');
    expect(await provider.create({ ...request, base: next })).toEqual({ workspace });
  });

  it('may have what its set-up shows, as long as that stays as it is', async () => {
    const { repository, base } = await twoCommits();
    const provider = repository.providerWith({ setup: { command: 'echo s >made && echo s >>a' } });
    await provider.prepare({ ...request, base });
    const { git, count } = countingGit(repository.path);
    const counted = repository.providerWith({ git, setup: { command: 'echo s >made && echo s >>a' } });
    expect(await count(() => counted.create({ ...request, base }))).toBe(1);

    const again = { ...request, taskId: '2', base };
    const { path = '' } = (await provider.prepare(again)) ?? {};
    repository.write({ made: 'S\n' }, path);
    const { workspace } = await provider.create(again);
    expect(readFileSync(join(workspace.path, 'made'), 'utf8')).toBe('s\n');
    expect(await snapshots(repository)).toEqual(['refs/pwt/r1/snapshots/2/1']);
  });

  it('is not kept where a set-up leaves a repository in it: a change there would not be seen', async () => {
    const { repository, base } = await twoCommits();
    const provider = repository.providerWith({ setup: { command: 'git init -q inner' } });
    expect(await provider.prepare({ ...request, base })).toBeUndefined();
    expect(await repository.linked()).toEqual([]);
    expect(await repository.branches()).toEqual(['main']);
    expect(await provider.list()).toEqual([]);
  });

  it('leaves nothing if its set-up fails', async () => {
    const { repository, base, next } = await twoCommits();
    const failing = repository.providerWith({ setup: { command: 'test ! -e new' } });
    await failing.prepare({ ...request, base });
    const moving = failing.prepare({ ...request, base: next });
    await expect(moving).rejects.toMatchObject({ code: 'PWT_SETUP_FAILED' });
    expect(await repository.linked()).toEqual([]);
    expect(await repository.branches()).toEqual(['main']);
    expect(await failing.list()).toEqual([]);
  });
});

type Scene = Awaited<ReturnType<typeof twoCommits>>;

const changes: ReadonlyArray<readonly [string, (scene: Scene) => Promise<unknown> | unknown]> = [
  ['a new file', ({ repository, path }) => repository.write({ strange: 'x\n' }, path)],
  ['an edit', ({ repository, path }) => repository.write({ '.gitignore': 'x\n' }, path)],
  ['a deletion', ({ path }) => rmSync(join(path, '.gitignore'))],
  [
    'an edit that git was told not to look at',
    async ({ repository, path }) => {
      await repository.git.at(path).run(['update-index', '--assume-unchanged', '.gitignore']);
      repository.write({ '.gitignore': 'x\n' }, path);
    },
  ],
  [
    'a commit',
    ({ repository, path }) => repository.git.at(path).run(['commit', '--quiet', '--allow-empty', '-m', 'x']),
  ],
  [
    'a branch of the user',
    ({ repository, path }) => repository.git.at(path).run(['checkout', '-qb', 'theirs']),
  ],
  [
    'a commit on a branch of the user',
    async ({ repository, path }) => {
      await repository.git.at(path).run(['checkout', '-qb', 'theirs']);
      await repository.git.at(path).run(['commit', '--quiet', '--allow-empty', '-m', 'x']);
    },
  ],
  [
    'a merge in progress',
    ({ repository, base }) => writeFileSync(adminFile(repository, 'MERGE_HEAD'), `${base}\n`),
  ],
  ['its directory gone', ({ path }) => rmSync(path, { recursive: true })],
];

function adminFile(repository: TestRepository, name: string): string {
  return join(repository.commonDir, 'worktrees/repo-wt1', name);
}

/** At which commit a worktree is asked for: at both, or at one of them by turns. */
const basesFor = (index: number) =>
  PROVE ? (['base', 'next'] as const) : ([index % 2 === 0 ? 'base' : 'next'] as const);

describe.each(changes.map(([what, change], index) => ({ what, change, index })))(
  'a ready worktree in which others have left $what',
  ({ change, index }) => {
    it.each(basesFor(index))('is not handed over at %s, and nothing of it is lost', async (at) => {
      const scene = await twoCommits();
      const { repository, base, path } = scene;
      await repository.provider.prepare({ ...request, base });
      await change(scene);
      const before = existsSync(path) ? await stateOf(repository, path) : undefined;
      const wanted = scene[at];
      const { workspace } = await repository.provider.create({ ...request, base: wanted });
      await expectFresh(repository, workspace, wanted);
      expect(readdirSync(join(repository.stateDir, 'worktrees'))).toEqual(['r1.1.json']);
      if (before !== undefined) await expectKept(repository, before);
    });

    it.runIf(PROVE || index % 3 === 1)('goes at the end of the run, and nothing of it is lost', async () => {
      const scene = await twoCommits();
      const { repository, base, path } = scene;
      await repository.provider.prepare({ ...request, base });
      await change(scene);
      const before = existsSync(path) ? await stateOf(repository, path) : undefined;
      await repository.provider.close({ runId: 'r1' });
      expect(await repository.linked()).toEqual([]);
      expect(await repository.branches()).not.toContain(branch);
      expect(await repository.provider.list()).toEqual([]);
      if (before !== undefined) await expectKept(repository, before);
    });
  },
);

/** The commit that a worktree is on, and its files as a tree. */
async function stateOf(repository: TestRepository, path: string): Promise<{ head: string; tree: string }> {
  const env = { GIT_INDEX_FILE: join(repository.folder, 'index-of-test') };
  rmSync(env.GIT_INDEX_FILE, { force: true });
  const git = repository.git.at(path);
  await git.run(['add', '--all'], { env });
  return { head: await git.text(['rev-parse', 'HEAD']), tree: await git.text(['write-tree'], { env }) };
}

/** Both are reachable from a ref, or were never beyond what the commits of the test hold. */
async function expectKept(repository: TestRepository, state: { head: string; tree: string }): Promise<void> {
  const commits = await repository.git.lines(['rev-list', '--all']);
  expect(commits).toContain(state.head);
  const trees = new Set(await repository.git.lines(['log', '--all', '--format=%T']));
  const files = await repository.git.lines(['ls-tree', '-r', state.tree]);
  const kept = new Set<string>();
  for (const tree of trees)
    for (const line of await repository.git.lines(['ls-tree', '-r', tree])) kept.add(line);
  expect(files.filter((line) => !kept.has(line))).toEqual([]);
}

/** What a move has done when pwt is killed. */
const moves: ReadonlyArray<readonly [string, (scene: Scene) => Promise<unknown> | unknown]> = [
  ['nothing yet', () => undefined],
  ['a lock', ({ repository }) => writeFileSync(adminFile(repository, 'index.lock'), '')],
  ['some of the files', ({ repository, path }) => repository.write({ new: 'n\n', gone: null }, path)],
  [
    'all files',
    ({ repository, path, base, next }) => repository.git.at(path).run(['read-tree', '-m', '-u', base, next]),
  ],
  [
    'its branch',
    async ({ repository, path, base, next }) => {
      await repository.git.at(path).run(['read-tree', '-m', '-u', base, next]);
      await repository.git.run(['update-ref', `refs/heads/${branch}`, next, base]);
    },
  ],
  [
    'half of the set-up',
    async ({ repository, path, base, next }) => {
      await repository.git.at(path).run(['read-tree', '-m', '-u', base, next]);
      await repository.git.run(['update-ref', `refs/heads/${branch}`, next, base]);
      mkdirSync(join(path, 'out'));
    },
  ],
];

/** A worktree that was being moved when pwt was killed. */
async function killedInMove(act: (scene: Scene) => Promise<unknown> | unknown): Promise<Scene> {
  const scene = await twoCommits();
  const { repository, base, next } = scene;
  await repository.provider.prepare({ ...request, base });
  await rewrite(repository, (record) => ({
    ...record,
    state: 'creating',
    movedFrom: base,
    workspace: { ...(record.workspace as object), base: next },
  }));
  await act(scene);
  return scene;
}

async function rewrite(
  { stateDir }: TestRepository,
  change: (record: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const file = join(stateDir, 'worktrees/r1.1.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
}

const removed = ['cleaned away', removeAll] as const;
const afterwards: ReadonlyArray<readonly [string, (provider: GitWorktreeProvider) => Promise<unknown>]> = [
  removed,
  ['closed with its run', (provider) => provider.close({ runId: 'r1' })],
];

async function removeAll(provider: GitWorktreeProvider): Promise<void> {
  for (const workspace of await provider.list())
    expect(await provider.remove({ workspace, force: ['dirty', 'unmerged'] })).toEqual({ status: 'removed' });
}

it('a worktree whose move was interrupted is made ready anew', async () => {
  const { repository, base } = await killedInMove(() => undefined);
  await repository.provider.prepare({ ...request, base });
  const { workspace } = await repository.provider.create({ ...request, base });
  await expectFresh(repository, workspace, base);
});

describe.each(moves.map(([what, act], index) => ({ what, act, index })))(
  'a move that had done $what when pwt was killed',
  ({ act, index }) => {
    it.each(basesFor(index))('is done anew when the task is dispatched at %s', async (at) => {
      const scene = await killedInMove(act);
      const { repository } = scene;
      const wanted = scene[at];
      const { workspace } = await repository.provider.create({ ...request, base: wanted });
      await expectFresh(repository, workspace, wanted);
    });

    it.each(PROVE ? afterwards : [afterwards[index % 2] ?? removed])(
      'is undone when it is %s, with the branch',
      async (__, end) => {
        const { repository } = await killedInMove(act);
        await end(repository.provider);
        expect(await repository.linked()).toEqual([]);
        expect(await repository.branches()).toEqual(['main']);
        expect(await recordsIn(repository.stateDir).list()).toEqual([]);
        expect(readdirSync(repository.folder).filter((name) => name.startsWith('repo-'))).toEqual([]);
        expect(await snapshots(repository)).toEqual([]);
      },
    );
  },
);

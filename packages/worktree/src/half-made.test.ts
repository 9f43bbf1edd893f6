import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { WorktreeRecords } from './records.js';

/** A repository in which a call of `create` has got as far as announcing the worktree of task 1. */
async function announced() {
  const { repository, base } = await repositoryWith({ a: '1\n' });
  const path = join(repository.folder, 'repo-wt1');
  const adminDir = join(repository.commonDir, 'worktrees/repo-wt1');
  const branch = 'feature/us-001';
  const workspace = {
    id: 'r1.1',
    provider: 'git-worktree',
    kind: 'task',
    runId: 'r1',
    taskId: '1',
    path,
    branch,
    base,
  };
  const records = new WorktreeRecords(join(repository.stateDir, 'worktrees'));
  await records.write({ v: 1, workspace: { ...workspace, kind: 'task' }, state: 'creating', mark: 'm' });
  return { repository, base, path, adminDir, branch };
}

type Scene = Awaited<ReturnType<typeof announced>>;

/** What git has made when it is killed, one step after the other. */
const steps: ReadonlyArray<readonly [string, (scene: Scene) => Promise<unknown> | unknown]> = [
  ['nothing', () => undefined],
  ['its branch', ({ repository, branch, base }) => repository.git.run(['branch', branch, base])],
  ['an empty private folder', ({ adminDir }) => mkdirSync(adminDir, { recursive: true })],
  ['a lock that says so', ({ adminDir }) => writeFileSync(join(adminDir, 'locked'), 'initializing')],
  ['an empty directory', ({ path }) => mkdirSync(path)],
  ['where it is', ({ adminDir, path }) => writeFileSync(join(adminDir, 'gitdir'), `${path}/.git\n`)],
  ['an empty link', ({ path }) => writeFileSync(join(path, '.git'), '')],
  ['its link', ({ adminDir, path }) => writeFileSync(join(path, '.git'), `gitdir: ${adminDir}\n`)],
  ['an empty commondir', ({ adminDir }) => writeFileSync(join(adminDir, 'commondir'), '')],
  ['a HEAD of zeros', ({ adminDir }) => writeFileSync(join(adminDir, 'HEAD'), `${'0'.repeat(40)}\n`)],
  ['its commondir', ({ adminDir }) => writeFileSync(join(adminDir, 'commondir'), '../..\n')],
  [
    'its branch checked out',
    ({ adminDir, branch }) => writeFileSync(join(adminDir, 'HEAD'), `ref: refs/heads/${branch}\n`),
  ],
  [
    'half of the files',
    ({ path, adminDir }) => {
      writeFileSync(join(path, 'a'), '1');
      writeFileSync(join(adminDir, 'index.lock'), '');
    },
  ],
  [
    'everything but the mark',
    ({ path, adminDir, repository }) => {
      for (const folder of [path, adminDir]) rmSync(folder, { recursive: true });
      return repository.git.run(['worktree', 'add', '--quiet', path, 'feature/us-001']);
    },
  ],
];

async function killedAfter(last: string): Promise<Scene> {
  const scene = await announced();
  for (const [name, make] of steps) {
    await make(scene);
    if (name === last) break;
  }
  return scene;
}

describe.each(steps.map(([name]) => name))(
  'a worktree of which git had made %s when it was killed',
  (last) => {
    it('is made anew when its task is taken up again', async () => {
      const { repository, base, path } = await killedAfter(last);
      const workspace = await repository.create('1', base);
      expect(workspace.path).toBe(path);
      expect(await repository.git.at(path).text(['status', '--porcelain'])).toBe('');
      expect(await repository.linked()).toEqual([path]);
    });

    it('goes when it is cleaned away, with its branch', async () => {
      const { repository, path, adminDir } = await killedAfter(last);
      const [workspace] = await repository.provider.list();
      if (workspace === undefined) throw new Error('no workspace');
      expect(await repository.provider.remove({ workspace })).toEqual({ status: 'removed' });
      expect(existsSync(path) || existsSync(adminDir)).toBe(false);
      expect(await repository.branches()).toEqual(['main']);
      expect(await repository.provider.list()).toEqual([]);
    });
  },
);

describe('what cannot be proven to be ours stays', () => {
  it('a worktree of the user at the announced path, whole and on a branch of theirs', async () => {
    const { repository, base, path } = await announced();
    await repository.git.run(['worktree', 'add', '--quiet', '-b', 'theirs', path]);
    writeFileSync(join(path, 'b'), 'theirs\n');
    await expect(repository.create('1', base)).rejects.toMatchObject({ code: 'PWT_WORKTREE_EXISTS' });
    expect(readdirSync(path)).toContain('b');
    expect(await repository.linked()).toEqual([path]);
  });

  it('a directory of the user with files at the announced path', async () => {
    const { repository, base, path } = await announced();
    mkdirSync(path);
    writeFileSync(join(path, 'notes'), 'theirs\n');
    await expect(repository.create('1', base)).rejects.toMatchObject({ code: 'PWT_WORKTREE_EXISTS' });
    expect(readdirSync(path)).toEqual(['notes']);
  });

  it('a branch that has moved since', async () => {
    const { repository, base, branch } = await announced();
    const moved = await repository.commit({ a: '2\n' });
    await repository.git.run(['branch', branch, moved]);
    await expect(repository.create('1', base)).rejects.toMatchObject({ code: 'PWT_BRANCH_EXISTS' });
    expect(await repository.git.text(['rev-parse', branch])).toBe(moved);
  });
});

describe('a worktree that a killed git has half removed', () => {
  it.each([
    ['gitdir'],
    ['HEAD'],
    ['commondir'],
    ['pwt-mark'],
    ['gitdir', 'HEAD', 'commondir', 'pwt-mark', 'index', 'ORIG_HEAD', 'logs'],
  ])('(%s gone) is removed as a whole', async (...names) => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const workspace = await repository.create('1', base);
    const adminDir = join(repository.commonDir, 'worktrees/repo-wt1');
    renameSync(workspace.path, join(repository.folder, 'moved-away'));
    for (const name of names) rmSync(join(adminDir, name), { recursive: true, force: true });
    expect(await repository.provider.remove({ workspace, containedIn: base })).toMatchObject({
      status: 'gone',
    });
    expect(existsSync(adminDir)).toBe(false);
    expect(await repository.branches()).toEqual(['main']);
    expect(await repository.provider.list()).toEqual([]);
  });
});

describe('a worktree whose record was deleted', () => {
  it('is named, with every other one left out, and stays', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const one = await repository.create('1', base);
    await repository.create('2', base);
    await repository.git.run(['worktree', 'add', '--quiet', '--detach', join(repository.folder, 'theirs')]);
    expect(await repository.provider.unrecorded()).toEqual([]);
    rmSync(join(repository.stateDir, 'worktrees', `${one.id}.json`));
    expect(await repository.provider.unrecorded()).toEqual([one.path]);
    expect(existsSync(one.path)).toBe(true);
  });
});

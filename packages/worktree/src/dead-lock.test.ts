import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessView, Recovery } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith } from '../test/repository.js';
import { recordedBranches } from './index.js';

/** A machine on which only these programs run. */
function machine(running: Awaited<ReturnType<ProcessView['programs']>>): ProcessView {
  return {
    self: () => ({ pid: 1, startTime: 'now', bootId: 'b' }),
    isAlive: () => true,
    programs: async () => running,
    holders: async () => [],
  };
}

async function stage(running: Parameters<typeof machine>[0] = []) {
  const { repository, base } = await repositoryWith({ a: 'a\n' });
  const { commonDir, stateDir, path } = repository;
  const recovery = new Recovery({
    ...{ commonDir, stateDir, root: path },
    processes: async () => machine(running),
    ownBranches: () => recordedBranches(stateDir),
  });
  const told: string[] = [];
  recovery.onRecovered((found) => told.push(found.path));
  const provider = repository.providerWith({ git: repository.git.recoveringWith(recovery) });
  const workspace = await repository.create('20', base, provider);
  const lock = (name: string, ageMs = 60_000) => {
    const file = join(commonDir, name);
    writeFileSync(file, '');
    const seconds = (Date.now() - ageMs) / 1000;
    utimesSync(file, seconds, seconds);
    return file;
  };
  const name = (await repository.git.at(workspace.path).text(['rev-parse', '--absolute-git-dir'])).slice(
    commonDir.length + 1,
  );
  return { repository, base, provider, workspace, recovery, told, lock, name };
}

const GIT = { pid: 7, startedAt: 0, args: ['git', 'commit'], environment: [] };

describe("a lock that a dead git has left in a task's worktree", () => {
  it.each([60_000, 0])('goes, and the work is collected (%d ms old)', async (ageMs) => {
    const { repository, provider, workspace, told, lock, name } = await stage();
    repository.write({ a: 'work\n' }, workspace.path);
    const file = lock(join(name, 'index.lock'), ageMs);
    const { changes } = await collectFrom(provider, { workspace, message: 'left\n' });
    expect(changes).toEqual([{ path: 'a', kind: 'modified' }]);
    expect(told).toEqual([file]);
  });

  it('goes when the worktree is removed', async () => {
    const { base, provider, workspace, told, lock, name } = await stage();
    const file = lock(join(name, 'index.lock'));
    const request = { workspace, containedIn: base };
    expect(await provider.foresee(request)).toMatchObject({ status: 'kept' });
    expect(await provider.remove(request)).toEqual({ status: 'removed' });
    expect(told).toEqual([file]);
  });

  it('stays while a git runs there, and holds the task', async () => {
    const running: Array<typeof GIT & { cwd: string }> = [];
    const { provider, workspace, told, lock, name, base } = await stage(running);
    running.push({ ...GIT, cwd: workspace.path });
    const file = lock(join(name, 'index.lock'));
    await expect(collectFrom(provider, { workspace, message: 'left\n' })).rejects.toMatchObject({
      code: 'PWT_WORKTREE_BUSY',
    });
    expect(await provider.remove({ workspace, containedIn: base })).toMatchObject({ reason: 'in-use' });
    expect([existsSync(file), told]).toEqual([true, []]);
  });
});

describe('a lock that a dead git has left on a branch that pwt made', () => {
  it('goes when the worktree is removed, in less than the time for which a living one is waited for', async () => {
    const { base, provider, workspace, repository, told, lock } = await stage();
    const file = lock(`refs/heads/${workspace.branch}.lock`);
    const before = Date.now();
    expect(await provider.remove({ workspace, containedIn: base })).toEqual({ status: 'removed' });
    expect(Date.now() - before).toBeLessThan(9000);
    expect(told).toEqual([file]);
    expect(await repository.branches()).toEqual(['main']);
  });

  it('stays where nothing of pwt waits for it, and on every other branch', async () => {
    const { recovery, workspace, repository, base, lock } = await stage();
    const own = lock(`refs/heads/${workspace.branch}.lock`);
    await repository.git.run(['branch', 'theirs', base]);
    const theirs = lock('refs/heads/theirs.lock');
    expect(await recovery.recover()).toEqual([]);
    expect(await recovery.recover(`Unable to create '${theirs}': File exists.`)).toEqual([]);
    expect([existsSync(own), existsSync(theirs)]).toEqual([true, true]);
  });
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { write } from '../../test/exchange-stage.js';
import { readIn, WorkspacesStage } from '../../test/workspaces-stage.js';
import type { BullmqWorkspaceProvider } from './bullmq-workspace-provider.js';
import { PlacementStore } from './placement-store.js';

let stage: WorkspacesStage;
let provider: BullmqWorkspaceProvider;
let workspace: Workspace;
let placements: PlacementStore;
const attempt = { runId: 'run-1', taskId: '1', number: 1 };

beforeEach(async () => {
  stage = await WorkspacesStage.open('one', 'two');
  provider = stage.provider();
  placements = new PlacementStore(stage.stateDir);
  workspace = await create();
});

describe('a workspace whose worker is lost', () => {
  test('is made again with the result of an attempt that had ended, and collected as before', async () => {
    await agent({ 'new.txt': 'work\n', 'README.md': 'edited\n' });
    expect(await stage.worker('one').finish(attempt, own())).toBe('published');
    lose('one');
    const seen = await provider.changes(workspace);
    expect(seen.map(({ path }) => path).sort()).toEqual(['README.md', 'new.txt']);
    const outcome = await collect();
    expect(outcome).toMatchObject({ status: 'collected', changes: seen, committedLeftovers: true });
    expect(await provider.list()).toContainEqual({ ...workspace, host: 'two', path: expect.any(String) });
    expect((await placements.read(workspace.id))?.givenUp).toEqual([]);
  });

  test('is made again with unfinished work, and what its worker brings later is named and kept', async () => {
    await agent({ 'new.txt': 'half\n' });
    await stage.worker('one').pushUnfinished(attempt, own());
    lose('one');
    expect(await provider.changes(workspace)).toEqual([{ path: 'new.txt', kind: 'added' }]);
    const { workspace: again } = await provider.create(request());
    expect(again).toMatchObject({ id: workspace.id, host: 'two', base: stage.base });
    expect(readIn(again, 'new.txt')).toBe('half\n');
    expect(await placements.read(workspace.id)).toMatchObject({ givenUp: [{ number: 1, worker: 'one' }] });

    stage.worker('one').connected = true;
    write(workspace.path, { 'new.txt': 'whole\n' });
    expect(await stage.worker('one').finish(attempt, own())).toBe('late');
    const outcome = await collect();
    const [finding] = outcome.findings ?? [];
    const ref = 'refs/pwt/run-1/snapshots/1/1';
    expect(finding).toMatchObject({ kind: 'left-out', severity: 'warning', taskIds: ['1'], subjects: [ref] });
    expect(finding?.hint).toBe(`To look at it: git diff ${stage.base} ${ref}`);
    expect(await stage.git.text(['show', `${ref}:new.txt`])).toBe('whole');
    const commit = outcome.status === 'collected' ? outcome.commit : '';
    expect(await stage.git.text(['show', `${commit}:new.txt`])).toBe('half');
    expect((await collect()).findings?.map(({ subjects }) => subjects)).toEqual([[ref]]);
  });

  test('begins from its base where nothing was pushed', async () => {
    await agent({ 'new.txt': 'never pushed\n' });
    lose('one');
    expect(await provider.changes(workspace)).toEqual([]);
  });

  test('is made again as it was collected, merges of the agent included', async () => {
    const there = stage.stage.plain(workspace.path);
    await agent({ 'a.txt': 'a\n' });
    await commitAt(workspace.path);
    await there.run(['checkout', '--quiet', '-b', 'side']);
    write(workspace.path, { 'b.txt': 'b\n' });
    await commitAt(workspace.path);
    await there.run(['checkout', '--quiet', workspace.branch ?? '']);
    await there.run(['merge', '--quiet', '--no-ff', '-m', 'merge', 'side']);
    await stage.worker('one').finish(attempt, own());
    const before = await collect();
    lose('one');
    expect(await collect()).toEqual(before);
    expect(before).toMatchObject({ committedLeftovers: false });
  });

  test('goes onto another base as it would have gone', async () => {
    const onto = await otherWork({ 'README.md': 'theirs\n', 'other.txt': 'other\n' });
    await agent({ 'README.md': 'ours\n' });
    await stage.worker('one').finish(attempt, own());
    await collect();
    lose('one');
    const moved = await provider.moveOnto({ workspace, onto, message: 'Left over' });
    expect(moved.workspace).toMatchObject({ id: workspace.id, base: onto, host: 'two' });
    expect(moved.outcome).toMatchObject({ status: 'conflicted', paths: [{ path: 'README.md' }] });
    expect(readIn(moved.workspace, 'other.txt')).toBe('other\n');
  });

  test('is brought onto its base again, with the merge that was left in it', async () => {
    const onto = await otherWork({ 'README.md': 'theirs\n' });
    await agent({ 'README.md': 'ours\n' });
    await stage.worker('one').finish(attempt, own());
    await collect();
    const moved = await provider.moveOnto({ workspace, onto, message: 'Left over' });
    lose('one');
    const { workspace: made } = await provider.create(request());
    expect(made).toMatchObject({ host: 'two', base: onto });
    expect(readIn(made, 'README.md')).toContain('<<<<<<<');
    const again = await provider.moveOnto({ workspace: moved.workspace, onto, message: 'Left over' });
    expect(again.outcome).toEqual(moved.outcome);
    expect((await collect(again.workspace)).status).toBe('held');
    write(again.workspace.path, { 'README.md': 'both\n' });
    expect(await collect(again.workspace)).toMatchObject({
      status: 'collected',
      changes: [{ path: 'README.md', kind: 'modified' }],
    });
  });

  test('is made again one time only, whoever asks', async () => {
    await agent({ 'new.txt': 'work\n' });
    await stage.worker('one').finish(attempt, own());
    lose('one');
    const all = await Promise.all([1, 2, 3].map(() => provider.changes(workspace)));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(stage.fleet.asked.filter((one) => one === 'two place')).toHaveLength(1);
  });

  test('is made again after a crash in the middle, by the same job', async () => {
    await agent({ 'new.txt': 'work\n' });
    await stage.worker('one').finish(attempt, own());
    lose('one');
    const { fleet, asked } = stage.dying();
    const never = stage.provider(fleet).changes(workspace);
    never.catch(() => undefined);
    await asked;
    expect(await stage.provider().changes(workspace)).toEqual([{ path: 'new.txt', kind: 'added' }]);
    expect(stage.fleet.asked.filter((one) => one === 'two place')).toHaveLength(1);
    expect((await provider.list()).filter(({ kind }) => kind === 'scratch')).toHaveLength(1);
  });

  test('is made again where the worker has come back with an empty disk', async () => {
    await agent({ 'new.txt': 'work\n' });
    await stage.worker('one').finish(attempt, own());
    await forget('one');
    expect(await provider.changes(workspace)).toEqual([{ path: 'new.txt', kind: 'added' }]);
    const [again, ...left] = await provider.list();
    // The worker has one workspace again, under the same name: nothing else is left of it.
    expect([again?.host, left]).toEqual(['one', []]);
  });

  test('gives a snapshot of what was pushed, without another worker', async () => {
    await agent({ 'new.txt': 'half\n' });
    await stage.worker('one').pushUnfinished(attempt, own());
    lose('one', 'two');
    const snapshot = await provider.snapshot({ workspace, reason: 'failed' });
    expect(snapshot?.ref).toBe('refs/pwt/run-1/snapshots/1/1');
    expect(await stage.git.text(['show', `${snapshot?.ref}:new.txt`])).toBe('half');
    expect(await provider.snapshot({ workspace, reason: 'again' })).toEqual(snapshot);
  });

  test('is kept where it is to be removed, until its worker is back', async () => {
    await agent({ 'new.txt': 'work\n' });
    lose('one');
    const asked = { workspace, force: ['dirty', 'unmerged'] } as const;
    const kept = { status: 'kept', reason: 'in-use', hint: expect.stringContaining('pwt worker --name one') };
    expect(await provider.foresee(asked)).toMatchObject(kept);
    expect(await provider.remove(asked)).toMatchObject(kept);
    expect(stage.fleet.asked).not.toContain('two place');
    stage.worker('one').connected = true;
    const removed = await provider.remove(asked);
    expect(removed).toMatchObject({ status: 'removed', snapshot: { ref: 'refs/pwt/run-1/snapshots/1/1' } });
    expect(await stage.git.text(['show', 'refs/pwt/run-1/snapshots/1/1:new.txt'])).toBe('work');
    expect(await provider.list()).toEqual([]);
  });

  test('leaves nothing on its worker once that is back and the run is closed', async () => {
    await agent({ 'new.txt': 'half\n' });
    await stage.worker('one').pushUnfinished(attempt, own());
    lose('one');
    await provider.changes(workspace);
    await provider.close({ runId: 'run-1' });
    expect((await provider.list()).map(({ kind, host }) => `${kind} ${host}`).sort()).toEqual([
      'scratch one',
      'task two',
    ]);
    stage.worker('one').connected = true;
    await provider.close({ runId: 'run-1' });
    expect((await provider.list()).map(({ kind, host }) => `${kind} ${host}`)).toEqual(['task two']);
    expect(readIn(workspace, 'new.txt')).toBeUndefined();
    expect(await stage.git.text(['show', 'refs/pwt/run-1/snapshots/1/1:new.txt'])).toBe('half');
  });
});

function request(taskId = '1') {
  return { runId: 'run-1', taskId, title: `Task ${taskId}`, base: stage.base };
}

async function create(taskId = '1'): Promise<Workspace> {
  return (await provider.create(request(taskId))).workspace;
}

/** What an agent does, as far as a workspace knows. */
async function agent(files: Readonly<Record<string, string>>): Promise<void> {
  await placements.launched(workspace.id, 1);
  write(workspace.path, files);
}

/** The record of the first worker. */
function own(): Workspace {
  const { host, ...rest } = workspace;
  return { ...rest, provider: 'git-worktree' };
}

function lose(...names: readonly string[]): void {
  for (const name of names) stage.worker(name).connected = false;
}

async function forget(name: string): Promise<void> {
  const { stateDir, mirror } = stage.worker(name).repository;
  rmSync(join(stateDir, 'worktrees'), { recursive: true });
  rmSync(join(stateDir, 'placed'), { recursive: true });
  rmSync(workspace.path, { recursive: true });
  await mirror.git.run(['worktree', 'prune']);
  await mirror.git.run(['branch', '--quiet', '-D', workspace.branch ?? '']);
}

async function commitAt(path: string): Promise<void> {
  const there = stage.stage.plain(path);
  await there.run(['add', '--all']);
  await there.run(['commit', '--quiet', '-m', 'agent']);
}

function collect(one = workspace) {
  return provider.collect({ workspace: one, message: 'Left over' });
}

/** Work of another task on the same base. */
async function otherWork(files: Readonly<Record<string, string>>): Promise<string> {
  const other = await create('2');
  write(other.path, files);
  const outcome = await collect(other);
  if (outcome.status !== 'collected') throw new Error('not collected');
  return outcome.commit;
}

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsRedis } from '../../test/redis-server.js';
import { forGates, forTasks, quick, WorkerStage } from '../../test/worker-stage.js';
import { keys } from '../protocol/names.js';

const common = { v: 1, repository: 'app' } as const;

async function placed(stage: WorkerStage, taskId = 't1') {
  const base = await stage.code.head();
  await stage.exchange.offer('r1', base);
  const request = { ...common, runId: 'r1', taskId, title: 'A task', base };
  return { base, ...(await stage.fleet.place('place', forTasks, request)) };
}

beforeEach(({ skip }) => needsRedis(skip));

describe('a worker', () => {
  it('makes a workspace, says what changed in it, collects it, and removes it on evidence', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const { worker, workspace, base } = await placed(stage);
    expect(worker).toBe('w1');
    expect(readFileSync(join(workspace.path, 'a.txt'), 'utf8')).toBe('a\n');
    writeFileSync(join(workspace.path, 'b.txt'), 'b\n');
    expect(await stage.fleet.call('w1', 'changes', { ...common, workspace })).toEqual([
      { path: 'b.txt', kind: 'added' },
    ]);
    const { outcome, ref } = await stage.fleet.call('w1', 'collect', {
      ...common,
      workspace,
      message: 'work',
    });
    if (outcome.status !== 'collected' || ref === undefined) throw new Error('not collected');
    expect((await stage.code.remoteRefs())[ref]).toBe(outcome.commit);
    const kept = await stage.fleet.call('w1', 'remove', { ...common, workspace, containedIn: base });
    expect(kept.outcome).toMatchObject({ status: 'kept', reason: 'unmerged' });
    await stage.exchange.take({ ref, commit: outcome.commit, into: 'refs/pwt/r1/t1' });
    await stage.exchange.offer('r1', outcome.commit);
    const removal = { ...common, workspace, containedIn: outcome.commit };
    expect(await stage.fleet.call('w1', 'foresee', removal)).toEqual({ status: 'removed' });
    expect(await stage.fleet.call('w1', 'remove', removal)).toEqual({ outcome: { status: 'removed' } });
    expect(existsSync(workspace.path)).toBe(false);
    expect((await stage.fleet.call('w1', 'remove', removal)).outcome.status).toBe('gone');
  });

  it('keeps what a forced removal gives up, and names it again when it is asked again', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const { workspace } = await placed(stage);
    writeFileSync(join(workspace.path, 'b.txt'), 'b\n');
    const removal = { ...common, workspace, force: ['dirty', 'unmerged'] as const };
    const { outcome, snapshotRef } = await stage.fleet.call('w1', 'remove', removal);
    expect(outcome).toMatchObject({ status: 'removed' });
    expect(Object.keys(await stage.code.remoteRefs())).toContain(snapshotRef);
    const again = await stage.fleet.call('w1', 'remove', removal);
    expect(again).toMatchObject({ outcome: { status: 'gone' }, snapshotRef });
  });

  it('removes nothing by force that is not on the exchange', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const { workspace } = await placed(stage);
    writeFileSync(join(workspace.path, 'b.txt'), 'b\n');
    renameSync(stage.code.remote, `${stage.code.remote}.away`);
    const removal = { ...common, workspace, force: ['dirty', 'unmerged'] as const };
    await expect(stage.fleet.call('w1', 'remove', removal)).rejects.toMatchObject({
      code: 'PWT_EXCHANGE_UNREACHABLE',
    });
    expect(existsSync(join(workspace.path, 'b.txt'))).toBe(true);
    renameSync(`${stage.code.remote}.away`, stage.code.remote);
    expect((await stage.fleet.call('w1', 'remove', removal)).outcome.status).toBe('removed');
  });

  it('makes a checkout for a gate, and uses it again', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const commit = await stage.code.head();
    await stage.exchange.offer('r1', commit);
    const request = { ...common, runId: 'r1', commit };
    const { workspace } = await stage.fleet.place('scratch', forGates, request);
    expect((await stage.fleet.call('w1', 'remove', { ...common, workspace })).outcome.status).toBe('removed');
    const again = await stage.fleet.place('scratch', forGates, request);
    expect(again.workspace.path).toBe(workspace.path);
    await stage.fleet.call('w1', 'remove', { ...common, workspace });
    await stage.fleet.call('w1', 'close', { ...common, runId: 'r1' });
    expect(existsSync(workspace.path)).toBe(false);
  });

  it('brings a workspace onto another base', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const { workspace } = await placed(stage);
    const onto = await stage.code.commit({ 'c.txt': 'c\n' });
    await stage.exchange.offer('r1', onto);
    const move = { ...common, workspace, onto, message: 'work' };
    const moved = await stage.fleet.call('w1', 'move', move);
    expect(moved).toMatchObject({ workspace: { base: onto }, outcome: { status: 'merged', onto } });
    expect(readFileSync(join(workspace.path, 'c.txt'), 'utf8')).toBe('c\n');
  });

  it('says which commit it could not get', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const { workspace } = await placed(stage);
    const onto = await stage.code.commit({ 'c.txt': 'c\n' });
    await expect(
      stage.fleet.call('w1', 'move', { ...common, workspace, onto, message: 'work' }),
    ).rejects.toMatchObject({ code: 'PWT_EXCHANGE_MISSING', data: { commit: onto } });
  });

  it('takes no more tasks than it has room for', async () => {
    const stage = await WorkerStage.create();
    const timings = { ...quick, lostAfterMs: 600_000 };
    await stage.start('w1', { maxInstances: 1, timings });
    const first = await placed(stage, 't1');
    const waiting = [placed(stage, 't2'), placed(stage, 't3')];
    const release = async (workspace: Workspace) => {
      stage.said.push('a task makes room');
      await stage.fleet.call('w1', 'remove', { ...common, workspace, containedIn: first.base });
    };
    await release(first.workspace);
    await release((await Promise.race(waiting)).workspace);
    const tasks = (await Promise.all(waiting)).map(({ workspace }) => workspace.taskId);
    expect(tasks).toEqual(['t2', 't3']);
    const order = stage.said.filter((text) => /^placed|room$/.test(text)).map((text) => text.split(' ')[0]);
    expect(order).toEqual(['placed', 'a', 'placed', 'a', 'placed']);
  });

  it('ends when another one has its name, and leaves the other one there', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start();
    const key = keys.worker('pwt', 'w1');
    const own = JSON.parse(String(await stage.redis.command('GET', key)));
    const other = JSON.stringify({ ...own, incarnation: 'another-folder.1' });
    // A beat that is under way may still write its own.
    while (!stage.said.join().includes('is called w1 by now')) await stage.redis.command('SET', key, other);
    await worker.ended;
    expect(await stage.redis.command('GET', key)).toBe(other);
  });

  it('has its workspaces after a restart, and is who it was', async () => {
    const stage = await WorkerStage.create();
    const started = await stage.start();
    const { workspace } = await placed(stage);
    await started.worker.stop();
    await stage.start('w1');
    writeFileSync(join(workspace.path, 'b.txt'), 'b\n');
    expect(await stage.fleet.call('w1', 'changes', { ...common, workspace })).toHaveLength(1);
  });
});

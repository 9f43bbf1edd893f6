import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { needsRedis } from '../../test/redis-server.js';
import { forTasks, noAgents, plainParts, quick, WorkerStage } from '../../test/worker-stage.js';
import { KEY_PREFIX, keys, sharedQueue } from '../protocol/names.js';
import { clientOptions } from '../redis/client-options.js';
import { probe } from '../redis/first-connect.js';
import type { Runs } from './context.js';

beforeEach(({ skip }) => needsRedis(skip));

const common = { v: 1, repository: 'app' } as const;
const attempt = { runId: 'r1', taskId: 't1', number: 1 };

async function request(stage: WorkerStage, taskId = 't1') {
  const base = await stage.code.head();
  await stage.exchange.offer('r1', base);
  return { ...common, runId: 'r1', taskId, title: 'A task', base };
}

describe('a worker whose folder is deleted while it works', () => {
  it('ends, and what it has taken is done by another one', async () => {
    const stage = await WorkerStage.create();
    const first = await stage.start('w1');
    const asked = await request(stage);
    rmSync(first.stateDir, { recursive: true });
    const placing = stage.fleet.place('place', forTasks, asked);
    await first.worker.ended;
    expect(first.worker.failure).toMatchObject({ code: 'PWT_WORKER_LOST', data: { worker: 'w1' } });
    await stage.start('w2');
    expect((await placing).worker).toBe('w2');
  });
});

describe('a worker that drains', () => {
  it('takes no further task, answers what its agents still need, and ends', async () => {
    const stage = await WorkerStage.create();
    const underWay: { -readonly [K in keyof Runs]: Runs[K] } = { ...noAgents, underWay: [attempt] };
    const first = await stage.start('w1', {}, { ...plainParts, runs: () => underWay });
    const { workspace } = await stage.fleet.place('place', forTasks, await request(stage));
    await stage.fleet.call('w1', 'remove', { ...common, workspace, force: ['dirty', 'unmerged'] });
    first.worker.drain();
    const second = stage.fleet.place('place', forTasks, await request(stage, 't2'));
    expect(
      await stage.fleet
        .call('w1', 'attach', {
          ...common,
          workspace,
          attempt: { ...attempt, timeoutMs: 0, idleTimeoutMs: 0 },
        })
        .catch(({ code }) => code),
    ).toBe('PWT_WORKSPACE_UNKNOWN');
    await stage.start('w2');
    expect((await second).worker).toBe('w2');
    underWay.underWay = [];
    await first.worker.ended;
    expect((await stage.fleet.workers()).map(({ id }) => id)).toEqual(['w2']);
  });

  it('waits for nobody where it has no workspace', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start('w1', { timings: { ...quick, presenceMs: 3_600_000 } });
    worker.drain();
    await worker.ended;
    expect(await stage.fleet.workers()).toEqual([]);
  });

  it('says so to those who look', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start(
      'w1',
      {},
      { ...plainParts, runs: () => ({ ...noAgents, underWay: [attempt] }) },
    );
    worker.drain();
    for (;;) {
      const [presence] = await stage.fleet.workers();
      if (presence?.state === 'draining') break;
    }
    await worker.stop();
    await worker.ended;
  });
});

describe('a worker that drains without Redis', () => {
  it('ends all the same, and has said once that Redis is gone', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start();
    await stage.redis.kill();
    worker.drain();
    await worker.ended;
    expect(stage.said.filter((text) => text.includes("Redis can't be reached")).length).toBeLessThan(2);
  });
});

describe('a worker that is stopped', () => {
  it('has lost nothing: it closes its connections itself', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start();
    await worker.stop();
    // What its connections say when they are closed, they have said then.
    await setImmediate();
    expect(stage.said.filter((text) => text.includes('Redis'))).toEqual([]);
  });

  it('leaves a placement to others', async () => {
    const stage = await WorkerStage.create();
    const placing = await request(stage);
    const blocked = join(stage.code.folder, 'go-on');
    const setup = { command: `while ! test -e ${blocked}; do sleep 0.05; done` };
    const allowed = { agents: [...forTasks.agents], gates: [], setups: [setup.command] };
    const first = await stage.start('w1', { allowed });
    const placed = stage.fleet.place('place', { ...forTasks, setup }, { ...placing, setup });
    while (!existsSync(join(stage.stateOf('w1'), 'worktrees/app/r1/t1/a.txt'))) await stage.fleet.workers();
    first.worker.drain();
    await first.worker.stop();
    writeFileSync(blocked, '');
    await stage.start('w2', { allowed });
    expect((await placed).worker).toBe('w2');
  });

  it('ends though Redis is gone', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start();
    await stage.redis.kill();
    await worker.stop();
    await worker.ended;
  });
});

describe('a worker whose answer is not taken', () => {
  it('removes the workspace that it has made', async () => {
    const stage = await WorkerStage.create();
    const blocked = join(stage.code.folder, 'go-on');
    const setup = { command: `while ! test -e ${blocked}; do sleep 0.05; done` };
    const allowed = { agents: [...forTasks.agents], gates: [], setups: [setup.command] };
    const requirement = { ...forTasks, setup };
    await stage.start('w1', { allowed });
    await stage.fleet.announce(requirement);
    const connection = clientOptions(stage.redis.options, quick) as never;
    const queue = new Queue(sharedQueue('pwt', requirement), { connection, prefix: KEY_PREFIX });
    onTestFinished(() => queue.close());
    await queue.add('place', { ...(await request(stage)), setup });
    const file = join(stage.stateOf('w1'), 'worktrees/app/r1/t1/a.txt');
    while (!existsSync(file)) await stage.fleet.workers();
    await probe(stage.redis.options, (redis) => redis.flushall());
    writeFileSync(blocked, '');
    const isWithdrawn = () => stage.said.some((text) => text.startsWith('removed the workspace of t1'));
    while (!isWithdrawn()) await stage.fleet.workers();
    expect(existsSync(file)).toBe(false);
  });
});

describe('a worker that starts', () => {
  it('refuses a name that another one has, and the folder of another one', async () => {
    const stage = await WorkerStage.create();
    await stage.start('w1');
    await expect(stage.start('w1', { state: stage.stateOf('w2') })).rejects.toMatchObject({
      code: 'PWT_WORKER_NAME_TAKEN',
    });
    await expect(stage.start('w3', { state: stage.stateOf('w1') })).rejects.toMatchObject({
      code: 'PWT_WORKER_FOLDER_TAKEN',
    });
  });

  it('goes on where a killed one was, whose presence has not run out', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start('w1');
    const key = keys.worker('pwt', 'w1');
    const presence = await probe(stage.redis.options, (redis) => redis.get(key));
    await worker.stop();
    await probe(stage.redis.options, (redis) => redis.set(key, presence ?? ''));
    await stage.start('w1');
  });

  it('is told apart by its labels', async () => {
    const stage = await WorkerStage.create();
    await stage.start('w1');
    await stage.start('w2', { labels: { gpu: '1' } });
    const placed = await stage.fleet.place(
      'place',
      { ...forTasks, runsOn: { gpu: '1' } },
      await request(stage),
    );
    expect(placed.worker).toBe('w2');
  });
});

describe('a workspace that is placed again on the same worker', () => {
  it('is the same, while no agent has been in it', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const asked = await request(stage);
    const first = await stage.fleet.place('place', forTasks, asked);
    const again = await stage.fleet.place('place', forTasks, asked);
    expect(again.workspace).toEqual(first.workspace);
  });

  it('is made anew with another base, and what was in it is on the exchange', async () => {
    const stage = await WorkerStage.create();
    await stage.start();
    const first = await stage.fleet.place('place', forTasks, await request(stage));
    writeFileSync(join(first.workspace.path, 'b.txt'), 'of an earlier attempt\n');
    await stage.code.commit({ 'c.txt': 'c\n' });
    const again = await stage.fleet.place('place', forTasks, await request(stage));
    expect(existsSync(join(again.workspace.path, 'b.txt'))).toBe(false);
    expect(existsSync(join(again.workspace.path, 'c.txt'))).toBe(true);
    const asked = Object.keys(await stage.code.remoteRefs()).filter((ref) =>
      ref.startsWith('refs/pwt/asked/r1/t1/'),
    );
    expect(asked).toHaveLength(1);
  });

  it('gets the work of another worker, as often as it is asked for', async () => {
    const stage = await WorkerStage.create();
    await stage.start('w1', { maxInstances: 1, timings: { ...quick, lostAfterMs: 600_000 } });
    const first = await stage.fleet.place('place', forTasks, await request(stage));
    writeFileSync(join(first.workspace.path, 'b.txt'), 'b\n');
    const { snapshot } = await stage.fleet.call('w1', 'snapshot', {
      ...common,
      workspace: first.workspace,
      reason: 'r',
    });
    if (snapshot === undefined) throw new Error('no snapshot');
    await stage.start('w2', { maxInstances: 1 });
    const restored = await stage.fleet.place('place', forTasks, {
      ...(await request(stage)),
      restore: snapshot,
    });
    expect(restored.worker).toBe('w2');
    expect(existsSync(join(restored.workspace.path, 'b.txt'))).toBe(true);
    await stage.fleet.call('w2', 'remove', {
      ...common,
      workspace: restored.workspace,
      force: ['dirty', 'unmerged'],
    });
    const again = await stage.fleet.place('place', forTasks, {
      ...(await request(stage)),
      restore: snapshot,
    });
    expect(again.worker).toBe('w2');
    expect(existsSync(join(again.workspace.path, 'b.txt'))).toBe(true);
  });
});

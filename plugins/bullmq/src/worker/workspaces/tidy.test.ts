import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { needsRedis } from '../../../test/redis-server.js';
import { forGates, forTasks, WorkerStage } from '../../../test/worker-stage.js';

beforeEach(({ skip }) => needsRedis(skip));

const common = { v: 1, repository: 'app' } as const;

describe('a worker that starts again', () => {
  it('removes workspaces that nobody has come for in a week, unless there is something in them', async () => {
    const stage = await WorkerStage.create();
    const { worker, stateDir } = await stage.start('w1', { maxInstances: 3 });
    const base = await stage.code.head();
    await stage.exchange.offer('r1', base);
    const [old, changed, fresh] = await Promise.all(
      ['old', 'changed', 'fresh'].map(async (taskId) => {
        const request = { ...common, runId: 'r1', taskId, title: 'A task', base };
        return (await stage.fleet.place('place', forTasks, request)).workspace;
      }),
    );
    if (old === undefined || changed === undefined || fresh === undefined) throw new Error('not placed');
    writeFileSync(join(changed.path, 'b.txt'), 'b\n');
    await worker.stop();
    const before = Date.now() / 1000 - 8 * 24 * 3600;
    for (const { id } of [old, changed])
      utimesSync(join(stateDir, `repositories/app/state/placed/${id}.json`), before, before);
    await stage.start();
    while (!stage.said.includes('removed the workspace of old of run r1: nobody came for it'))
      await stage.fleet.workers();
    expect([old, changed, fresh].map(({ path }) => existsSync(path))).toEqual([false, true, true]);
  });

  it('removes checkouts that nothing is tested in', async () => {
    const stage = await WorkerStage.create();
    const { worker } = await stage.start();
    const commit = await stage.code.head();
    await stage.exchange.offer('r1', commit);
    const { workspace } = await stage.fleet.place('scratch', forGates, { ...common, runId: 'r1', commit });
    await stage.fleet.call('w1', 'remove', { ...common, workspace });
    expect(existsSync(workspace.path)).toBe(true);
    await worker.stop();
    await stage.start();
    expect(existsSync(workspace.path)).toBe(false);
  });
});

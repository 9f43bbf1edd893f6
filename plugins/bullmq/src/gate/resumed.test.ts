import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verdict, Workspace } from '@pwt/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { needsRedis } from '../../test/redis-server.js';
import { fileOf, isAlive } from '../../test/runs-stage.js';
import { plainParts, quick, WorkerStage } from '../../test/worker-stage.js';
import { providerOver } from '../../test/workspaces-stage.js';
import { RedisFleet } from '../fleet/redis-fleet.js';
import { gateHandler } from '../worker/gates/run-gate.js';
import { BullmqGate } from './bullmq-gate.js';

beforeEach(({ skip }) => needsRedis(skip));

/** A worker, and coordinators of one run that follow on each other. */
async function staged() {
  const stage = await WorkerStage.create();
  const { folder } = stage.code;
  const [gates, go] = [join(folder, 'gates'), join(folder, 'go')];
  execFileSync('mkfifo', [go]);
  const command = `echo $$ >>${gates}; read _ <${go}`;
  const gate = { command };
  const allowed = { agents: [], gates: [command], setups: [] };
  await stage.start('w1', { allowed }, { ...plainParts, gate: gateHandler });
  const git = await stage.code.opened();
  const coordinator = () => {
    const fleet = new RedisFleet({ redis: stage.redis.options, queue: 'pwt', timings: quick });
    onTestFinished(() => fleet.dispose());
    const exchange = stage.exchange;
    const shared = { git, exchange, fleet, warn: () => undefined };
    const provider = providerOver(stage.code, {
      ...shared,
      repository: 'app',
      settings: { agents: [], gate },
    });
    const remote = new BullmqGate({ gate, exchange, homes: provider.homes, warn: () => undefined });
    const run = (workspace: Workspace): Promise<Verdict> =>
      remote.run({
        ...{ runId: 'r1', subject: { kind: 'target' }, commit: workspace.base, workspace },
        logFile: join(folder, 'gate.log'),
      });
    return { fleet, provider, run };
  };
  /** One that dies while its gate is at work. */
  const dead = async (commit: string) => {
    const { provider, run, fleet } = coordinator();
    const workspace = await provider.scratch({ runId: 'r1', commit });
    run(workspace).catch(() => undefined);
    const pid = await fileOf(gates);
    await fleet.dispose();
    return { workspace, pid: pid.trim() };
  };
  return { stage, coordinator, dead, gates, go };
}

describe('a coordinator that follows on one which was killed', () => {
  it('gets the verdict of the gate that is under way', async () => {
    const { stage, coordinator, dead, gates, go } = await staged();
    const commit = await stage.code.head();
    const { workspace, pid } = await dead(commit);
    const { provider, run } = coordinator();
    const again = await provider.scratch({ runId: 'r1', commit });
    expect(again).toEqual(workspace);
    const verdict = run(again);
    await writeFile(go, 'go\n');
    expect((await verdict).status).toBe('green');
    expect(readFileSync(gates, 'utf8')).toBe(`${pid}\n`);
    expect((await provider.remove({ workspace: again })).status).toBe('removed');
    expect((await provider.scratch({ runId: 'r1', commit })).id).not.toBe(workspace.id);
  });

  it('ends the gate of a commit that it does not test', async () => {
    const { stage, coordinator, dead } = await staged();
    const { workspace, pid } = await dead(await stage.code.head());
    const { provider } = coordinator();
    const commit = await stage.code.commit({ 'b.txt': 'b\n' });
    const next = await provider.scratch({ runId: 'r1', commit });
    expect(isAlive(pid)).toBe(false);
    expect((await provider.list({ runId: 'r1' })).map(({ id }) => id)).toEqual([next.id]);
    expect(next.id).not.toBe(workspace.id);
  });
});

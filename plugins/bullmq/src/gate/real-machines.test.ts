import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GateRequest } from '@pwt/core';
import { identify } from '@pwt/process';
import { SystemResourceMonitor } from '@pwt/resources';
import { gateSuite, resourceMonitorSuite } from '@pwt/testkit';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { atEnd, useShared } from '../../test/ends.js';
import { type Machine, WorkerProgram } from '../../test/machine.js';
import { MachinesStage } from '../../test/machines-stage.js';
import { needsRedis } from '../../test/redis-server.js';
import { FleetResourceMonitor } from '../resources/fleet-resource-monitor.js';

const endless = 'echo $$ > "$HOME/gate.pid"; exec sleep 600';
const mixed = { lint: 'echo bad; exit 1', tests: 'echo fine' };
const gates = ['true', 'echo oops; exit 3', endless, './no-such-command', ...Object.values(mixed)];

const bundled = useShared(async () => {
  const program = await WorkerProgram.bundle();
  atEnd(() => program.dispose());
  return program;
});

async function open(...machines: readonly string[]): Promise<MachinesStage> {
  return MachinesStage.open({
    program: await bundled.get(),
    machines,
    agents: [{ command: ['true'] }],
    gates,
  });
}

/** With one machine, for those that leave it as it is. */
const shared = useShared(() => open('one'));

async function requestOf(stage: MachinesStage): Promise<GateRequest> {
  for (const machine of stage.machines.values()) rmSync(pidFile(machine), { force: true });
  const [{ runId }, commit] = [stage, await stage.code.head()];
  const workspace = await stage.provider.scratch({ runId, commit });
  return {
    ...{ runId, subject: { kind: 'tasks', taskIds: ['20'] }, commit, workspace },
    logFile: join(stage.stateDir, 'runs', runId, 'gate', '20-1.log'),
  };
}

/** Of the gate that goes on for ever there, once it runs. */
async function pidOf(machine: Machine): Promise<number> {
  return vi.waitFor(() => {
    const text = readFileSync(pidFile(machine), 'utf8');
    expect(text).toMatch(/\d+\n/);
    return Number(text);
  }, 20_000);
}

const pidFile = ({ home }: Machine) => join(home, 'gate.pid');

describe('over Redis, with workers in processes of their own', () => {
  beforeEach(({ skip }) => needsRedis(skip));

  gateSuite({ describe, test: it }, async () => {
    const stage = await shared.get();
    return {
      green: stage.gate({ command: 'true' }),
      red: stage.gate({ command: 'echo oops; exit 3' }),
      endless: stage.gate({ command: endless, timeoutMs: 300 }),
      broken: stage.gate({ command: './no-such-command' }),
      mixed: stage.gate({ command: mixed }),
      request: await requestOf(stage),
      dispose: async () => undefined,
    };
  });

  resourceMonitorSuite({ describe, test: it }, async () => {
    const { fleet, stateDir } = await shared.get();
    const local = new SystemResourceMonitor({ diskPath: join(stateDir, '..') });
    return { monitor: new FleetResourceMonitor({ fleet, local }), dispose: async () => undefined };
  });

  it('runs a gate again on another worker where the first one is lost', async () => {
    const stage = await open('one', 'two');
    const request = await requestOf(stage);
    const { host = '' } = request.workspace;
    const running = stage.gate({ command: endless }).run(request);
    const machine = stage.machine(host);
    const other = stage.machine(host === 'one' ? 'two' : 'one');
    await pidOf(machine);
    await machine.kill();
    process.kill(await pidOf(other));
    expect((await running).status).toBe('broken');
    expect((await stage.placements.list()).map(({ home }) => home?.worker)).toContain(other.name);
  });

  it('ends a gate on its worker when it is aborted', async () => {
    const stage = await shared.get();
    const stop = new AbortController();
    const request = { ...(await requestOf(stage)), abortSignal: stop.signal };
    const running = stage.gate({ command: endless }).run(request);
    const pid = await pidOf(stage.machine('one'));
    expect(identify(pid)).toBeDefined();
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    await vi.waitFor(() => expect(identify(pid)).toBeUndefined(), 5000);
  });
});

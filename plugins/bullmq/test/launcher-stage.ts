import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, LaunchRequest } from '@pwt/core';
import { ManualClock, makeTask } from '@pwt/testkit';
import { BullmqLauncher, type BullmqLauncherOptions } from '../src/launcher/bullmq-launcher.js';
import { defaultTimings } from '../src/protocol/timings.js';
import { type Housed, workspaceOf } from '../src/workspaces/placement.js';
import { PlacementStore } from '../src/workspaces/placement-store.js';
import { MemoryExchange } from './doubles/memory-exchange.js';
import { presence, ScriptedFleet } from './doubles/scripted-fleet.js';

/** A launcher over workers that the test steers, with state on a real disk. */
export class LauncherStage {
  readonly clock = new ManualClock();
  readonly exchange = new MemoryExchange();
  readonly fleet: ScriptedFleet;
  readonly warnings: string[] = [];
  readonly placements: PlacementStore;
  readonly dir: string;
  #attempts = 0;

  private constructor(dir: string, workersClock?: Clock) {
    this.dir = dir;
    this.placements = new PlacementStore(dir);
    this.fleet = new ScriptedFleet({ clock: workersClock ?? this.clock, exchange: this.exchange });
    this.fleet.presences = [presence('worker-a')];
  }

  /** @param workersClock another one than that of the coordinator */
  static async open(workersClock?: Clock): Promise<LauncherStage> {
    return new LauncherStage(await mkdtemp(join(tmpdir(), 'pwt-bullmq-launcher-')), workersClock);
  }

  launcher(more: Partial<BullmqLauncherOptions> = {}): BullmqLauncher {
    return new BullmqLauncher({
      ...{ repository: 'app', settings: { agents: ['claude'] }, marksDone: false, timings: defaultTimings },
      ...{ fleet: this.fleet, exchange: this.exchange, placements: this.placements, clock: this.clock },
      warn: (message) => this.warnings.push(message),
      ...more,
    });
  }

  /** A fresh attempt at one task, in a workspace that `worker-a` has. */
  async request(): Promise<LaunchRequest> {
    this.#attempts += 1;
    const number = this.#attempts;
    const base = 'a'.repeat(40);
    const known = {
      id: 'run.20',
      provider: 'git-worktree',
      kind: 'task',
      runId: 'run',
      taskId: '20',
    } as const;
    const placement: Housed = {
      ...{ v: 1, kind: 'task', runId: 'run', taskId: '20', title: 'Task', runsOn: {}, start: base, homes: 1 },
      ...{ id: 'run.20', launched: [], givenUp: [] },
      home: { worker: 'worker-a', workspace: { ...known, path: '/there/w', branch: 'b', base } },
    };
    if (number === 1) await this.placements.write(placement);
    return {
      attempt: {
        ...{ runId: 'run', taskId: '20', number, workspace: workspaceOf(placement) },
        ...{ stateDir: join(this.dir, 'runs', 'run', '20', String(number)), timeoutMs: 0, idleTimeoutMs: 0 },
      },
      ...{ task: makeTask('20'), claims: [], permission: 'default' },
    };
  }

  async dispose(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

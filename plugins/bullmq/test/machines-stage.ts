import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchRequest, Workspace } from '@pwt/core';
import type { Git } from '@pwt/git';
import { makeTask } from '@pwt/testkit';
import { GitWorktreeProvider } from '@pwt/worktree';
import type { GitExchange } from '../src/exchange/git-exchange.js';
import { CheckedFleet } from '../src/fleet/checked-fleet.js';
import type { Fleet } from '../src/fleet/fleet.js';
import { RedisFleet } from '../src/fleet/redis-fleet.js';
import { BullmqGate } from '../src/gate/bullmq-gate.js';
import { BullmqLauncher } from '../src/launcher/bullmq-launcher.js';
import type { RemoteAgent, RemoteGate } from '../src/protocol/requirement.js';
import type { Timings } from '../src/protocol/timings.js';
import { BullmqWorkspaceProvider } from '../src/workspaces/bullmq-workspace-provider.js';
import { PlacementStore } from '../src/workspaces/placement-store.js';
import { atEnd } from './ends.js';
import { ExchangeStage } from './exchange-stage.js';
import { Machine, timingFlags, type WorkerProgram } from './machine.js';
import { RedisServer } from './redis-server.js';
import { quick } from './worker-stage.js';

/** Workers that are processes of their own may have to wait for a turn. */
export const patient: Timings = { ...quick, lostAfterMs: 2000 };

export interface MachinesRequest {
  readonly program: WorkerProgram;
  readonly machines: readonly string[];
  readonly agents: readonly RemoteAgent[];
  readonly gates?: readonly string[];
  readonly timings?: Timings;
}

/** A coordinator's side of everything, over a real Redis and a real exchange, with workers in processes of their own. */
export class MachinesStage {
  readonly redis: RedisServer;
  readonly code: ExchangeStage;
  readonly fleet: Fleet;
  readonly exchange: GitExchange;
  readonly placements: PlacementStore;
  readonly provider: BullmqWorkspaceProvider;
  readonly machines = new Map<string, Machine>();
  readonly warnings: string[] = [];
  readonly stateDir: string;
  /** Of this stage alone: by its name, the processes of an attempt are found and ended, on the whole machine. */
  readonly runId: string;
  readonly #request: MachinesRequest;
  readonly #warn = (message: string): void => void this.warnings.push(message);
  readonly #timings: Timings;
  #tasks = 0;

  private constructor(
    request: MachinesRequest,
    redis: RedisServer,
    code: ExchangeStage,
    { git, exchange }: { readonly git: Git; readonly exchange: GitExchange },
  ) {
    this.#request = request;
    this.#timings = request.timings ?? patient;
    this.redis = redis;
    this.code = code;
    this.exchange = exchange;
    this.fleet = new CheckedFleet(
      new RedisFleet({ redis: redis.options, queue: 'pwt', timings: this.#timings }),
    );
    this.stateDir = join(code.folder, 'pwt');
    this.runId = `run-${code.name}`;
    this.placements = new PlacementStore(this.stateDir);
    const local = new GitWorktreeProvider({
      ...{ git, commonDir: join(code.root, '.git'), stateDir: this.stateDir, env: code.env },
      ...{ worktreeTemplate: '../{repo}-wt{id}', branchTemplate: 'feature/{id}' },
    });
    const { fleet, placements, stateDir } = this;
    const settings = { agents: request.agents };
    this.provider = new BullmqWorkspaceProvider(
      { git, stateDir, repository: 'remote', settings, fleet, exchange, placements, warn: this.#warn },
      local,
    );
  }

  static async open(request: MachinesRequest): Promise<MachinesStage> {
    const redis = await RedisServer.start();
    atEnd(() => redis.stop());
    const code = await ExchangeStage.create({ 'a.txt': 'a\n' });
    const parts = { git: await code.opened(), exchange: await code.exchange() };
    const stage = new MachinesStage(request, redis, code, parts);
    atEnd(() => stage.fleet.dispose());
    for (const name of request.machines) stage.machines.set(name, await stage.#start(name));
    return stage;
  }

  machine(name: string): Machine {
    const found = this.machines.get(name);
    if (found === undefined) throw new Error(`there is no machine ${name}`);
    return found;
  }

  launcher(...agents: readonly RemoteAgent[]): BullmqLauncher {
    return this.launcherOver(this.fleet, ...agents);
  }

  /** As another process would have one. */
  reopened(...agents: readonly RemoteAgent[]): BullmqLauncher {
    const fleet = new CheckedFleet(
      new RedisFleet({ redis: this.redis.options, queue: 'pwt', timings: this.#timings }),
    );
    atEnd(() => fleet.dispose());
    return this.launcherOver(fleet, ...agents);
  }

  launcherOver(fleet: Fleet, ...agents: readonly RemoteAgent[]): BullmqLauncher {
    const { exchange, placements } = this;
    return new BullmqLauncher({
      ...{ repository: 'remote', settings: { agents }, marksDone: false, timings: this.#timings },
      ...{ fleet, exchange, placements, warn: this.#warn },
    });
  }

  gate(gate: RemoteGate): BullmqGate {
    const { provider, exchange } = this;
    return new BullmqGate({ gate, homes: provider.homes, exchange, warn: this.#warn });
  }

  /** A fresh attempt, in the workspace of a new task or of this one. */
  async request(of?: Workspace, number = 1): Promise<LaunchRequest> {
    this.#tasks += 1;
    const { runId } = this;
    const base = await this.code.head();
    const created =
      of ?? (await this.provider.create({ runId, taskId: `t${this.#tasks}`, title: 'Task', base })).workspace;
    const taskId = created.taskId ?? '';
    const stateDir = join(this.stateDir, 'runs', runId, 'tasks', taskId, String(number));
    return {
      attempt: { runId, taskId, number, workspace: created, stateDir, timeoutMs: 0, idleTimeoutMs: 0 },
      ...{ task: makeTask(taskId), claims: [], permission: 'default' },
    };
  }

  async #start(name: string): Promise<Machine> {
    const { program, agents, gates = [] } = this.#request;
    const { url, password = '' } = this.redis.options;
    const folder = join(this.code.folder, 'machines', name);
    mkdirSync(folder, { recursive: true });
    const machine = await Machine.start({
      ...{ program, name, folder },
      env: { ...this.code.env, PWT_REDIS_PASSWORD: password },
      args: [
        ...['--redis', url, '--remote', `remote=${this.code.remote}`, ...timingFlags(this.#timings)],
        ...['--max-cpu', '100', '--max-memory', '100', '--min-disk', '0', '--max-instances', '8'],
        ...agents.flatMap((agent) => ['--allow-agent', JSON.stringify(agent)]),
        ...gates.flatMap((gate) => ['--allow-gate', gate]),
      ],
    });
    atEnd(() => machine.stop());
    return machine;
  }
}

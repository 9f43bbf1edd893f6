import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FixedResourceMonitor } from '@pwt/testkit';
import type { GitExchange } from '../src/exchange/git-exchange.js';
import { RedisFleet } from '../src/fleet/redis-fleet.js';
import type { Requirement } from '../src/protocol/requirement.js';
import { defaultTimings, type Timings } from '../src/protocol/timings.js';
import type { WorkerSettings } from '../src/worker/command/arguments.js';
import type { Runs } from '../src/worker/context.js';
import { WorkerLog } from '../src/worker/log.js';
import { type StartedWorker, startWorker, type WorkerParts } from '../src/worker/start-worker.js';
import { atEnd, useShared } from './ends.js';
import { ExchangeStage, type Files } from './exchange-stage.js';
import { RedisServer, type ServerSettings } from './redis-server.js';

/** Short, so that what has to run out does. */
export const quick: Timings = {
  ...defaultTimings,
  presenceMs: 200,
  pollMs: 200,
  progressMs: 50,
  lostAfterMs: 1000,
  lockMs: 1000,
};

/** A worker on which no agent has been started. */
export const noAgents: Runs = {
  underWay: [],
  run: () => Promise.reject(new Error('no agent is started here')),
  attach: async () => ({ status: 'never-started' }),
  reconcile: async () => undefined,
  stop: async () => undefined,
  stopAll: async () => undefined,
  placed: () => undefined,
  vacate: async () => undefined,
};

export const plainParts: WorkerParts = {
  runs: () => noAgents,
  gate: () => () => Promise.reject(new Error('no gate is run here')),
  // Measures nothing: the first sample of the machine's own takes a quarter of a second.
  monitor: new FixedResourceMonitor(),
};

/** The server of a file's stages that want nothing special of it, with nothing in it. */
const plain = useShared(async () => {
  const redis = await RedisServer.start();
  atEnd(() => redis.stop());
  return redis;
});

async function emptied(redis: RedisServer): Promise<void> {
  if (redis.isRunning) await redis.command('FLUSHALL');
  else plain.renew();
}

/** A Redis, a remote, a project with a coordinator's view of both, and workers in this process. */
export class WorkerStage {
  readonly redis: RedisServer;
  readonly code: ExchangeStage;
  readonly exchange: GitExchange;
  readonly fleet: RedisFleet;
  readonly said: string[] = [];

  private constructor(redis: RedisServer, code: ExchangeStage, exchange: GitExchange) {
    this.redis = redis;
    this.code = code;
    this.exchange = exchange;
    this.fleet = new RedisFleet({ redis: redis.options, queue: 'pwt', timings: quick });
  }

  static async create(files: Files = { 'a.txt': 'a\n' }, server?: ServerSettings): Promise<WorkerStage> {
    const redis = server === undefined ? await plain.get() : await RedisServer.start(server);
    atEnd(() => (server === undefined ? emptied(redis) : redis.stop()));
    const code = await ExchangeStage.create(files);
    const stage = new WorkerStage(redis, code, await code.exchange());
    atEnd(() => stage.fleet.dispose());
    return stage;
  }

  settings(name: string, changes: Partial<WorkerSettings> = {}): WorkerSettings {
    return {
      redis: this.redis.options,
      queue: 'pwt',
      remotes: [{ name: 'app', address: this.code.remote }],
      name,
      labels: {},
      allowed: { agents: [{ command: ['true'] }], gates: ['true'], setups: [] },
      maxInstances: 2,
      gateSlots: 1,
      maxCpuPercent: 100,
      maxMemoryPercent: 100,
      minDiskBytes: 0,
      state: this.stateOf(name),
      sandbox: 'off',
      timings: quick,
      ...changes,
    };
  }

  stateOf(name: string): string {
    return join(this.code.folder, 'workers', name);
  }

  async start(
    name = 'w1',
    changes: Partial<WorkerSettings> = {},
    parts: WorkerParts = plainParts,
  ): Promise<StartedWorker> {
    const started = await startWorker({
      settings: this.settings(name, changes),
      parts,
      cwd: this.code.folder,
      env: this.code.env,
      version: '1.2.3',
      log: new WorkerLog(({ text }) => void this.said.push(text)),
    });
    atEnd(() => started.worker.stop());
    return started;
  }

  /** Everything in a folder, with a digest of each file. */
  pictureOf(folder: string): readonly string[] {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const path = join(folder, name);
        const stats = lstatSync(path);
        if (stats.isDirectory()) return `${name}/`;
        const content = stats.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
        return `${name} ${createHash('sha256').update(content).digest('hex')}`;
      });
  }
}

export const forTasks: Requirement = {
  repository: 'app',
  kind: 'task',
  runsOn: {},
  agents: [{ command: ['true'] }],
};

export const forGates: Requirement = {
  repository: 'app',
  kind: 'gate',
  runsOn: {},
  agents: [],
  gate: { command: 'true' },
};

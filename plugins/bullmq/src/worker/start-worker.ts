import { type PluginCheck, type ResourceMonitor, systemClock } from '@pwt/core';
import { Git, requireGitVersion } from '@pwt/git';
import { inspectMachine, type MachineCapacity, SystemResourceMonitor } from '@pwt/resources';
import { envWithoutPassword } from '../password.js';
import { examineRedis } from '../redis/durability.js';
import type { WorkerSettings } from './command/arguments.js';
import type { Handler, Runs, WorkerContext, WorkerRepository } from './context.js';
import { GatesAtWork } from './gates/gates-at-work.js';
import type { WorkerLog } from './log.js';
import { RedisLink } from './redis-link.js';
import { openRemote, repositoriesOf } from './repositories.js';
import { Slots } from './slots.js';
import { openStateFolder } from './state-folder.js';
import { Worker } from './worker.js';
import { Placing } from './workspaces/place.js';

/** What does agents and gates, of a context. */
export interface WorkerParts {
  runs(context: WorkerContext): Runs;
  gate(context: WorkerContext): Handler<'gate'>;
  /** What looks at the load of the machine. @default the machine's own */
  readonly monitor?: ResourceMonitor;
}

export interface StartWorkerRequest {
  readonly settings: WorkerSettings;
  readonly parts: WorkerParts;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: WorkerLog;
}

/** A worker that has started, and what it has found here. */
export interface StartedWorker {
  readonly worker: Worker;
  readonly id: string;
  readonly stateDir: string;
  readonly machine: MachineCapacity;
  readonly maxAgents: number;
  /** What a person should know of Redis. */
  readonly notes: readonly string[];
}

/**
 * Opens the folder, looks at Redis, and gets the mirrors ready; then the worker starts.
 *
 * @throws PwtError `PWT_WORKER_FOLDER_TAKEN`, `PWT_WORKER_NAME_TAKEN`, `PWT_REDIS_UNREACHABLE`, `PWT_REDIS_REFUSED`, `PWT_REDIS_UNFIT`,
 * `PWT_EXCHANGE_UNREACHABLE`, `PWT_EXCHANGE_UNSAFE`, `PWT_GIT_TOO_OLD`
 */
export async function startWorker(request: StartWorkerRequest): Promise<StartedWorker> {
  const { settings, parts, cwd, version, log } = request;
  const { queue, redis, timings, allowed, gateSlots: gates } = settings;
  const env = envWithoutPassword(request.env, redis);
  const folder = await openStateFolder({ cwd, env, queue, state: settings.state, name: settings.name });
  const { dir: stateDir, id } = folder;
  let link: RedisLink | undefined;
  try {
    const machine = await inspectMachine({ diskPath: stateDir });
    const monitor = parts.monitor ?? new SystemResourceMonitor({ diskPath: stateDir });
    // The first sample measures from here on: nobody waits for it.
    await monitor.capacity?.();
    requireGitVersion(await new Git({ cwd: stateDir, env }).version());
    const notes = notesOf(await examineRedis(redis, queue));
    link = new RedisLink({ redis, queue, worker: id, timings, onTrouble: (text) => log.warn(text) });
    const repositories: WorkerRepository[] = [];
    for (const remote of settings.remotes)
      repositories.push(await openRemote(remote, stateDir, { env, log }));
    const maxAgents = settings.maxInstances ?? agentsFor(machine);
    const onChange = () => worker?.adjust();
    let worker: Worker | undefined;
    const context: WorkerContext = {
      ...{ id, stateDir, env, allowed, timings, log },
      clock: systemClock,
      sandbox: settings.sandbox,
      slots: new Slots(maxAgents, onChange),
      gateSlots: new Slots(gates, onChange),
      gates: new GatesAtWork(),
      repositories: repositoriesOf(repositories),
      abandon: (...abandoned) => placing.abandon(...abandoned),
    };
    const runs = parts.runs(context);
    const placing = new Placing({ context, runs });
    worker = new Worker({
      ...{ context, queue, link, version, runs, placing },
      folderKey: folder.key,
      labels: settings.labels,
      limits: settings,
      monitor,
      gate: parts.gate(context),
      ...{ hasFolder: folder.isHeld, onEnd: folder.release },
    });
    await worker.start();
    return { worker, id, stateDir, machine, maxAgents, notes };
  } catch (error) {
    await link?.dispose();
    await folder.release();
    throw error;
  }
}

function notesOf(checks: readonly PluginCheck[]): string[] {
  return checks
    .filter(({ status }) => status !== 'ok')
    .map(({ message, fix }) => (fix === undefined ? message : `${message} ${fix}`));
}

const GIGABYTE = 1024 ** 3;

/** An agent takes up to a gigabyte, and waits for its model most of the time. */
function agentsFor({ cpuCount, memoryTotalBytes }: MachineCapacity): number {
  return Math.max(1, Math.min(Math.round(2 * cpuCount), Math.floor(memoryTotalBytes / GIGABYTE)));
}

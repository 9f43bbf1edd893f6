import { type Clock, defined, isPwtError, type PluginCheck, systemClock } from '@pwt/core';
import type { Exchange } from '../exchange/exchange.js';
import { flagsFor } from '../fleet/flags.js';
import type { Fleet } from '../fleet/fleet.js';
import { askWorkers, type Response } from '../launcher/check-workers.js';
import { startCommand } from '../launcher/start-command.js';
import type { RedisOptions } from '../options.js';
import type { WorkerPresence } from '../protocol/presence.js';
import { redisChecks } from '../redis/durability.js';
import type { RunSettings } from '../run-settings.js';

export interface ExamineRequest {
  readonly redis: RedisOptions;
  readonly queue: string;
  readonly repository: string;
  readonly settings: RunSettings;
  readonly fleet: Pick<Fleet, 'announce' | 'workers'>;
  readonly exchange: Pick<Exchange, 'check'>;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/** What `pwt doctor` says of Redis, of the exchange, and of the workers that are connected. */
export async function examine(request: ExamineRequest): Promise<readonly PluginCheck[]> {
  const [redis, exchange] = await Promise.all([
    redisChecks(request.redis, request.queue),
    exchangeCheck(request.exchange),
  ]);
  const isReachable = redis.every(({ status }) => status !== 'problem');
  return [...redis, exchange, ...(isReachable ? await workerChecks(request) : [])];
}

/** Pushing is rehearsed: nothing is left there. */
async function exchangeCheck(exchange: Pick<Exchange, 'check'>): Promise<PluginCheck> {
  try {
    await exchange.check();
    return { name: 'exchange', status: 'ok', message: 'Code can be pushed below refs/pwt/ of the exchange.' };
  } catch (error) {
    if (!isPwtError(error)) throw error;
    const { message, hint } = error;
    return { name: 'exchange', status: 'problem', message, ...(hint === undefined ? {} : { fix: hint }) };
  }
}

async function workerChecks({
  fleet,
  repository,
  settings,
  clock = systemClock,
}: ExamineRequest): Promise<readonly PluginCheck[]> {
  const { workers, responses } = await askWorkers({ fleet, clock, repository, settings });
  if (workers.length === 0) {
    const message = 'No worker is connected that takes tasks.';
    return [{ name: 'workers', status: 'warning', message, fix: startCommand(repository, settings) }];
  }
  return [
    { name: 'workers', status: 'ok', message: `Connected: ${workers.map(summary).join('; ')}.` },
    ...responses.map((response) => responseCheck(response, workers.length)),
  ];
}

function summary({ id, cpuCount, working, maxAgents, labels, agents }: WorkerPresence): string {
  const usable = agents.filter((agent) => agent.usable).map(({ name }) => name);
  const known = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [
    `${id} (${[`${Number(cpuCount.toFixed(1))} cores`, `${working} of ${maxAgents} agents`, ...known].join(', ')})`,
    ...(usable.length === 0 ? [] : [`with ${usable.join(', ')}`]),
  ].join(' ');
}

function responseCheck({ requirement, serving, refusing }: Response, all: number): PluginCheck {
  const what = requirement.kind === 'task' ? 'the tasks' : 'the gate';
  const name = `workers-${requirement.kind}`;
  if (refusing.length === 0)
    return { name, status: 'ok', message: `${serving.length} of ${all} workers take ${what} of a run.` };
  const named = refusing.map(({ worker, why }) => `${worker.id}: ${why}`).join('; ');
  const flags = flagsFor(requirement, refusing);
  const fix = defined({ fix: flags && `Add to their command: ${flags}` });
  if (refusing.length === all)
    return { name, status: 'problem', message: `No worker takes ${what} of a run: ${named}.`, ...fix };
  return { name, status: 'note', message: `Some workers do not take ${what} of a run: ${named}.`, ...fix };
}

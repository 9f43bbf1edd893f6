import { type Clock, type Diagnostic, PwtError } from '@pwt/core';
import { flagsFor } from '../fleet/flags.js';
import type { Fleet } from '../fleet/fleet.js';
import type { WorkerPresence } from '../protocol/presence.js';
import type { Requirement } from '../protocol/requirement.js';
import { gateRequirement, type RunSettings, taskRequirement } from '../run-settings.js';
import { pause } from './pause.js';
import { startCommand } from './start-command.js';

/** How long workers may take to look at what a run needs, in milliseconds. */
const PATIENCE_MS = 3000;
const LOOK_MS = 50;

/** What workers say to one thing that a run needs. */
export interface Response {
  readonly requirement: Requirement;
  /** Those that take it. */
  readonly serving: readonly string[];
  readonly refusing: readonly { readonly worker: WorkerPresence; readonly why: string }[];
}

export interface CheckWorkersRequest {
  readonly fleet: Pick<Fleet, 'announce' | 'workers'>;
  readonly clock: Clock;
  readonly repository: string;
  readonly settings: RunSettings;
}

/** Asks the workers that are connected whether they take the tasks of a run, and its gate. */
export async function askWorkers({ fleet, clock, repository, settings }: CheckWorkersRequest): Promise<{
  readonly workers: readonly WorkerPresence[];
  readonly responses: readonly Response[];
}> {
  const requirements = [
    taskRequirement(repository, settings, {}),
    ...(settings.gate === undefined ? [] : [gateRequirement(repository, settings)]),
  ];
  const ids = await Promise.all(requirements.map((requirement) => fleet.announce(requirement)));
  const until = clock.now() + PATIENCE_MS;
  for (;;) {
    // One that drains takes nothing, and says nothing of what it would take.
    const workers = (await fleet.workers()).filter(({ state }) => state === 'ready');
    const isWaiting = workers.some((worker) => ids.some((id) => !hasAnswered(worker, id)));
    if (isWaiting && clock.now() < until) {
      await pause(clock, LOOK_MS);
      continue;
    }
    return {
      workers,
      responses: requirements.map((requirement, index) => responseOf(workers, requirement, ids[index] ?? '')),
    };
  }
}

/**
 * What a person should know of the workers before a run starts.
 *
 * @throws PwtError `PWT_WORKER_REFUSES` if there are workers and all of them refuse
 */
export async function checkWorkers(request: CheckWorkersRequest): Promise<readonly Diagnostic[]> {
  const { repository, settings } = request;
  const { workers, responses } = await askWorkers(request);
  if (workers.length === 0) return [nobody(repository, settings)];
  return responses.flatMap(({ requirement, refusing }): Diagnostic[] => {
    if (refusing.length === 0) return [];
    const refusals = refusing.map(({ worker, why }) => ({ worker: worker.id, why }));
    const named = refusals.map(({ worker, why }) => `${worker}: ${why}`).join('; ');
    const flags = flagsFor(requirement, refusing);
    const hint =
      flags === undefined
        ? 'Look at those machines; a worker looks again once a minute.'
        : `On those that are to take part, add to their command: ${flags}`;
    if (refusing.length < workers.length) {
      const what = requirement.kind === 'task' ? 'the tasks' : 'the gate';
      const message = `Some workers do not take ${what} of this run: ${named}.`;
      return [{ code: 'PWT_WORKER_REFUSES', severity: 'warning', message, hint }];
    }
    const message = `No worker takes ${requirement.kind === 'task' ? 'the tasks' : 'the gate'} of this run: ${named}.`;
    throw new PwtError('PWT_WORKER_REFUSES', message, { hint, data: { refusals } });
  });
}

function nobody(repository: string, settings: RunSettings): Diagnostic {
  return {
    code: 'PWT_WORKER_NONE',
    severity: 'warning',
    message: 'No worker is connected: tasks wait until one is.',
    hint: `Start one, here or on another machine: ${startCommand(repository, settings)}`,
  };
}

function hasAnswered({ serves, refuses }: WorkerPresence, id: string): boolean {
  return serves.includes(id) || Object.hasOwn(refuses, id);
}

function responseOf(workers: readonly WorkerPresence[], requirement: Requirement, id: string): Response {
  return {
    requirement,
    serving: workers.filter(({ serves }) => serves.includes(id)).map((worker) => worker.id),
    refusing: workers.flatMap((worker) => {
      const why = Object.hasOwn(worker.refuses, id) ? worker.refuses[id] : undefined;
      return why === undefined ? [] : [{ worker, why }];
    }),
  };
}

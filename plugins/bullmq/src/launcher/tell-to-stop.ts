import type { Clock } from '@pwt/core';
import type { AttemptKey } from '../protocol/operations.js';
import type { LauncherContext } from './context.js';
import { pause } from './pause.js';

const AGAIN_MS = 1000;

export interface StopRequest {
  readonly context: Pick<LauncherContext, 'fleet' | 'timings'>;
  readonly clock: Clock;
  readonly attempt: AttemptKey;
  readonly worker: string;
  /** Resolves when the agent has ended. */
  readonly ended: Promise<void>;
  /** The worker is silent, or Redis is: nobody there hears that the agent is to stop. */
  readonly onSilent: () => void;
}

/**
 * Tells a worker to stop an agent until it has: by a message, which may be missed, and by a flag that the worker reads at each of its
 * heartbeats. A worker that is silent for as long as its presence lasts is not waited for any longer.
 */
export async function tellToStop({
  context,
  clock,
  attempt,
  worker,
  ended,
  onSilent,
}: StopRequest): Promise<void> {
  const { fleet, timings } = context;
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  // Lets an agent that has ended before this call say so.
  await Promise.resolve();
  const patience = 3 * timings.presenceMs;
  let heardAt = clock.now();
  let isSilent = false;
  while (!hasEnded) {
    // What is not heard is said again.
    fleet.markStopped(attempt).catch(() => undefined);
    fleet.control(worker, { v: 1, kind: 'stop', attempt }).catch(() => undefined);
    fleet.workers().then(
      (workers) => {
        if (workers.some(({ id }) => id === worker)) heardAt = clock.now();
      },
      () => undefined,
    );
    await Promise.race([ended, pause(clock, Math.min(AGAIN_MS, timings.presenceMs))]);
    if (hasEnded || isSilent || clock.now() - heardAt < patience) continue;
    isSilent = true;
    onSilent();
  }
}

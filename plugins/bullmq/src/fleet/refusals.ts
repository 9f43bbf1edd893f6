import { PwtError } from '@pwt/core';
import { requirementId } from '../protocol/names.js';
import type { WorkerPresence } from '../protocol/presence.js';
import type { Requirement } from '../protocol/requirement.js';
import { flagsFor } from './flags.js';

/** Workers that took what is asked for, and have gone without a word. */
export interface GoneWorkers {
  gone(requirementId: string): readonly string[];
  /** Told what is waited for; again and again. */
  onWaiting(text: string): void;
}

/**
 * Says whether there are workers and all of them refuse. It has to be so for `graceMs`: another worker may just be starting. While one is
 * gone that took it, it is waited for.
 *
 * @returns the error that names each of them, and why
 */
export function refusedByAll(
  requirement: Requirement,
  workers: () => readonly WorkerPresence[],
  graceMs: number,
  now: () => number,
  { gone, onWaiting }: GoneWorkers = { gone: () => [], onWaiting: () => undefined },
): () => PwtError | undefined {
  const id = requirementId(requirement);
  let since: number | undefined;
  return () => {
    // One that drains takes nothing, and says nothing of what it would take.
    const ready = workers().filter(({ state }) => state === 'ready');
    const refusing = ready.flatMap((worker) => {
      const why = Object.hasOwn(worker.refuses, id) ? worker.refuses[id] : undefined;
      return why === undefined ? [] : [{ worker, why }];
    });
    if (ready.length === 0 || refusing.length < ready.length) {
      since = undefined;
      return undefined;
    }
    const awaited = gone(id);
    if (awaited.length > 0) {
      since = undefined;
      onWaiting(
        `No worker that is connected takes this ${requirement.kind}; it waits for ${awaited.join(', ')}, or another one that takes it.`,
      );
      return undefined;
    }
    since ??= now();
    if (now() - since < graceMs) return undefined;
    const flags = flagsFor(requirement, refusing);
    const refusals = refusing.map(({ worker, why }) => ({ worker: worker.id, reason: why }));
    return new PwtError(
      'PWT_WORKER_REFUSES',
      `No worker takes this ${requirement.kind}: ${refusals.map(({ worker, reason }) => `${worker}: ${reason}`).join('; ')}.`,
      {
        hint:
          flags === undefined
            ? 'Start a worker that has what is asked for.'
            : `Start a worker that has what is asked for, or one of these with this in its command: ${flags}`,
        data: { refusals },
      },
    );
  };
}

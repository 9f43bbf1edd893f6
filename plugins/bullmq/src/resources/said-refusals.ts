import { flagsFor } from '../fleet/flags.js';
import type { WorkerPresence } from '../protocol/presence.js';
import type { Requirement } from '../protocol/requirement.js';

/** So many needs of others, which this run can do nothing about. */
const OTHERS = 3;

/**
 * What a worker does not take, in words: first what this run needs, with what to add to its command, then jobs that it was given and
 * has refused, and what other runs need.
 *
 * @param ownNeed what this program has announced under an id
 */
export function saidRefusals(
  worker: WorkerPresence,
  ownNeed: (id: string) => Requirement | undefined,
): readonly string[] {
  const own: string[] = [];
  const others = new Set<string>();
  for (const [id, why] of Object.entries(worker.refuses)) {
    const need = ownNeed(id);
    if (need === undefined) others.add(`for another run: ${why}`);
    else own.push(withFlags(need, worker, why));
  }
  return [...new Set(own), ...refusedJobs(worker), ...[...others].slice(0, OTHERS)];
}

function withFlags(need: Requirement, worker: WorkerPresence, why: string): string {
  const flags = flagsFor(need, [{ worker, why }]);
  return flags === undefined ? why : `${why} (to its command, add ${flags})`;
}

function refusedJobs({ refused }: WorkerPresence): readonly string[] {
  if (refused === undefined) return [];
  const { count, last } = refused;
  const more = count - last.length;
  return [...last, ...(more > 0 ? [`${count} such jobs in all; see its own output`] : [])];
}

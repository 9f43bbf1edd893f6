import type { Claim } from '@pwt/core';
import { ClaimIndex } from '@pwt/scope';
import type { SchedulableTask } from './schedulable.js';

/**
 * For each task, the load of the heaviest resource it claims: the summed estimates of all tasks that can't
 * run beside each other on it. Claims with the same text share one look-up, so a file that a thousand tasks
 * claim costs one query, not a thousand.
 */
export function heaviestLoadsMs(tasks: readonly SchedulableTask[]): ReadonlyMap<string, number> {
  const index = new ClaimIndex();
  for (const task of tasks) index.add(task.id, task.claims);
  const estimates = new Map(tasks.map((task) => [task.id, task.estimateMs]));
  const byClaim = new Map<string, number>();
  const loadOf = (claim: Claim): number => {
    const key = `${claim.mode} ${claim.class} ${claim.confidence} ${claim.pattern}`;
    const known = byClaim.get(key);
    if (known !== undefined) return known;
    const rivals = new Set<string>();
    for (const found of index.conflictsWith([claim]))
      if (found.relation === 'conflict') rivals.add(found.taskId);
    const load = [...rivals].reduce((sum, id) => sum + (estimates.get(id) ?? 0), 0);
    byClaim.set(key, load);
    return load;
  };
  return new Map(
    tasks.map((task) => [
      task.id,
      task.claims.reduce((most, claim) => Math.max(most, loadOf(claim)), task.estimateMs),
    ]),
  );
}

import { exclusivePaths } from './certain-paths.js';
import { criticalPathsMs } from './graph.js';
import type { SchedulableTask } from './schedulable.js';

/** A lower bound for the time that a set of tasks takes, and what it comes from. */
export interface LowerBound {
  readonly ms: number;
  readonly by: 'slots' | 'longest-task' | 'critical-path' | 'shared-paths' | 'unknown-scope';
}

/**
 * No schedule is shorter than the largest of these: the sum of the estimates divided by the slots, the longest task, the
 * longest chain of dependencies, the highest load of a path that is named exactly. Tasks of unknown scope run alone, so
 * their time is added to the bound of the rest.
 */
export function lowerBound(tasks: readonly SchedulableTask[], maxInstances: number): LowerBound {
  const alone = tasks.filter((task) => task.unknownScope);
  const rest = tasks.filter((task) => !task.unknownScope);
  const aloneMs = sum(alone);
  // The first of those that are alike: with tasks of unknown scope only, nothing else is a reason.
  const candidates: LowerBound[] = [
    ...(rest.length === 0 ? [{ ms: aloneMs, by: 'unknown-scope' } as const] : []),
    { ms: aloneMs + sum(rest) / Math.max(1, maxInstances), by: 'slots' },
    { ms: aloneMs + most(rest.map((task) => task.estimateMs)), by: 'longest-task' },
    { ms: aloneMs + heaviestPathMs(rest), by: 'shared-paths' },
    { ms: most(criticalPathsMs(tasks).values()), by: 'critical-path' },
  ];
  return candidates.reduce((best, candidate) => (candidate.ms > best.ms ? candidate : best));
}

/** Only exactly named paths count: two tasks that overlap the same glob need not overlap each other. */
function heaviestPathMs(tasks: readonly SchedulableTask[]): number {
  const loads = new Map<string, number>();
  for (const { claims, estimateMs } of tasks) {
    for (const path of new Set(exclusivePaths(claims))) loads.set(path, (loads.get(path) ?? 0) + estimateMs);
  }
  return most(loads.values());
}

function sum(tasks: readonly SchedulableTask[]): number {
  return tasks.reduce((total, task) => total + task.estimateMs, 0);
}

function most(values: Iterable<number>): number {
  let found = 0;
  for (const value of values) found = Math.max(found, value);
  return found;
}

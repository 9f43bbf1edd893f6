import { criticalPathsMs } from './graph.js';
import { heaviestLoadsMs } from './load.js';
import type { SchedulableTask } from './schedulable.js';

/** The shortest time in which a set of tasks could possibly end, and what makes it so. */
export interface LowerBound {
  readonly ms: number;
  readonly by: 'slots' | 'longest-task' | 'critical-path' | 'shared-paths' | 'unknown-scope';
}

/**
 * No schedule is shorter: the largest of the total over the slots, the longest task, the longest chain of
 * dependencies and the load of the most wanted exactly named path. Tasks of unknown scope run alone, so
 * their time comes on top of the bound of the rest.
 */
export function lowerBound(tasks: readonly SchedulableTask[], maxInstances: number): LowerBound {
  const alone = tasks.filter((task) => task.unknownScope);
  const rest = tasks.filter((task) => !task.unknownScope);
  const aloneMs = sum(alone);
  const candidates: LowerBound[] = [
    { ms: aloneMs + sum(rest) / Math.max(1, maxInstances), by: 'slots' },
    { ms: aloneMs + Math.max(0, ...rest.map((task) => task.estimateMs)), by: 'longest-task' },
    { ms: aloneMs + heaviestPathMs(rest), by: 'shared-paths' },
    { ms: Math.max(0, ...criticalPathsMs(tasks).values()), by: 'critical-path' },
    { ms: aloneMs, by: 'unknown-scope' },
  ];
  return candidates.reduce((best, candidate) => (candidate.ms > best.ms ? candidate : best));
}

/** Only literal paths count: two tasks that overlap one glob may still be disjoint from each other. */
function heaviestPathMs(tasks: readonly SchedulableTask[]): number {
  const literal = tasks.map((task) => ({
    ...task,
    claims: task.claims.filter((claim) => !/[*?[\]{}!\\/]$|[*?[\]{}!\\]/.test(claim.pattern)),
  }));
  return Math.max(0, ...heaviestLoadsMs(literal).values());
}

function sum(tasks: readonly SchedulableTask[]): number {
  return tasks.reduce((total, task) => total + task.estimateMs, 0);
}

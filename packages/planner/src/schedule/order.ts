import { longestChainsMs } from './chains.js';
import { criticalPathsMs } from './graph.js';
import { heaviestLoadsMs, type TaskWithNodes } from './load.js';

const byId = new Intl.Collator('en', { numeric: true });

/**
 * The order in which the scheduler prefers tasks: the user's priority; then the larger of the load of the
 * heaviest resource a task claims and the critical path below it; then its estimate; then its id.
 */
export function preferenceOrder(tasks: readonly TaskWithNodes[]): readonly string[] {
  const loads = heaviestLoadsMs(tasks);
  const paths = criticalPathsMs(tasks);
  return ordered(tasks, (id) => Math.max(loads.get(id) ?? 0, paths.get(id) ?? 0));
}

/**
 * The same with the longest chain of tasks that wait for a task instead. That is better where the estimates are good: a load
 * counts the tasks before it as well, so the last of those that take turns is preferred as much as the first.
 */
export function chainOrder(tasks: readonly TaskWithNodes[]): readonly string[] {
  const chains = longestChainsMs(tasks);
  return ordered(tasks, (id) => chains.get(id) ?? 0);
}

function ordered(tasks: readonly TaskWithNodes[], weight: (id: string) => number): readonly string[] {
  return [...tasks]
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        weight(b.id) - weight(a.id) ||
        b.estimateMs - a.estimateMs ||
        byId.compare(a.id, b.id),
    )
    .map((task) => task.id);
}

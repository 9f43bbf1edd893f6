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
  const weight = (task: TaskWithNodes) => Math.max(loads.get(task.id) ?? 0, paths.get(task.id) ?? 0);
  return [...tasks]
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        weight(b) - weight(a) ||
        b.estimateMs - a.estimateMs ||
        byId.compare(a.id, b.id),
    )
    .map((task) => task.id);
}

import type { ClaimGraph } from '@pwt/claims';
import { criticalPathsMs } from './graph.js';
import { heaviestLoadsMs } from './load.js';
import type { SchedulableTask } from './schedulable.js';

const byId = new Intl.Collator('en', { numeric: true });

/**
 * The order in which the scheduler prefers tasks: the user's priority; then the larger of the load of the
 * heaviest resource a task claims and the critical path below it; then its estimate; then its id.
 */
export function preferenceOrder(tasks: readonly SchedulableTask[], graph: ClaimGraph): readonly string[] {
  const loads = heaviestLoadsMs(tasks, graph);
  const paths = criticalPathsMs(tasks);
  const weight = (task: SchedulableTask) => Math.max(loads.get(task.id) ?? 0, paths.get(task.id) ?? 0);
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

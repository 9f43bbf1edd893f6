import type { ClaimNode } from '@pwt/claims';
import type { SchedulableTask } from './schedulable.js';

/** A task with the nodes of its claims. */
export type TaskWithNodes = SchedulableTask & { readonly nodes: readonly ClaimNode[] };

/**
 * For each task, the load of the heaviest resource that it claims: the sum of the estimates of all tasks that have
 * conflicting claims on it. Equal claims are one resource, so a file that a thousand tasks claim is computed once.
 */
export function heaviestLoadsMs(tasks: readonly TaskWithNodes[]): ReadonlyMap<string, number> {
  const tasksAt = tasksByNode(tasks);
  const loads: number[] = [];
  const loadOf = (node: ClaimNode): number => {
    const load = loads[node.id] ?? loadAt(node, tasksAt);
    loads[node.id] = load;
    return load;
  };
  return new Map(
    tasks.map(({ id, estimateMs, nodes }) => [
      id,
      nodes.reduce((most, node) => Math.max(most, loadOf(node)), estimateMs),
    ]),
  );
}

type TasksByNode = readonly (readonly SchedulableTask[])[];

/** Which tasks have a claim like this, by the ids of the nodes. */
function tasksByNode(tasks: readonly TaskWithNodes[]): TasksByNode {
  const tasksAt: SchedulableTask[][] = [];
  for (const task of tasks) {
    for (const { id } of task.nodes) {
      const known = tasksAt[id];
      if (known) known.push(task);
      else tasksAt[id] = [task];
    }
  }
  return tasksAt;
}

function loadAt(node: ClaimNode, tasksAt: TasksByNode): number {
  const conflicting = node.conflicts.filter(({ relation }) => relation === 'conflict');
  const [only, another] = conflicting;
  // Most claims conflict with their own kind alone: then no task comes twice.
  if (only && !another) return sumMs(tasksAt[only.node.id] ?? []);
  return sumMs(new Set(conflicting.flatMap(({ node: other }) => tasksAt[other.id] ?? [])));
}

function sumMs(tasks: Iterable<SchedulableTask>): number {
  let total = 0;
  for (const { estimateMs } of tasks) total += estimateMs;
  return total;
}

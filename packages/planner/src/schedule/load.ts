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
    const load = loads[node.id] ?? sumMs(tasksAgainst(node, tasksAt));
    loads[node.id] = load;
    return load;
  };
  return new Map(
    tasks.map(({ id, estimateMs, nodes }) => {
      let most = estimateMs;
      for (const node of nodes) most = Math.max(most, loadOf(node));
      return [id, most];
    }),
  );
}

/** The tasks with a claim, by the id of its node. */
export function tasksByNode(tasks: readonly TaskWithNodes[]): readonly (readonly SchedulableTask[])[] {
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

/**
 * The tasks with a claim that conflicts with this one, each once.
 *
 * @param tasksAt see {@link tasksByNode}
 */
export function tasksAgainst(
  { conflicts }: ClaimNode,
  tasksAt: readonly (readonly SchedulableTask[])[],
): Iterable<SchedulableTask> {
  const [first] = conflicts;
  // Most claims conflict with their own kind alone: then no task comes twice.
  if (first?.relation === 'conflict' && conflicts.length === 1) return tasksAt[first.node.id] ?? [];
  const found = new Set<SchedulableTask>();
  for (const { node, relation } of conflicts) {
    if (relation === 'conflict') for (const task of tasksAt[node.id] ?? []) found.add(task);
  }
  return found;
}

function sumMs(tasks: Iterable<SchedulableTask>): number {
  let total = 0;
  for (const { estimateMs } of tasks) total += estimateMs;
  return total;
}

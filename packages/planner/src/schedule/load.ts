import type { ClaimNode } from '@pwt/claims';
import type { SchedulableTask } from './schedulable.js';

/** A task with the nodes of its claims. */
export type TaskWithNodes = SchedulableTask & { readonly nodes: readonly ClaimNode[] };

/**
 * For each task, the load of the heaviest resource it claims: the summed estimates of all tasks that can't
 * run beside each other on it. Equal claims are one resource, so a file that a thousand tasks claim is weighed once.
 */
export function heaviestLoadsMs(tasks: readonly TaskWithNodes[]): ReadonlyMap<string, number> {
  const tasksOf = new Map<ClaimNode, SchedulableTask[]>();
  for (const task of tasks) {
    for (const node of task.nodes) {
      const known = tasksOf.get(node);
      if (known) known.push(task);
      else tasksOf.set(node, [task]);
    }
  }
  const loads = new Map<ClaimNode, number>();
  const loadOf = (node: ClaimNode): number => {
    const known = loads.get(node);
    if (known !== undefined) return known;
    const others = new Set<SchedulableTask>();
    for (const { node: other, relation } of node.conflicts) {
      if (relation === 'conflict') for (const task of tasksOf.get(other) ?? []) others.add(task);
    }
    let load = 0;
    for (const { estimateMs } of others) load += estimateMs;
    loads.set(node, load);
    return load;
  };
  return new Map(
    tasks.map(({ id, estimateMs, nodes }) => [
      id,
      nodes.reduce((most, node) => Math.max(most, loadOf(node)), estimateMs),
    ]),
  );
}

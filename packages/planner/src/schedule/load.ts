import type { ClaimGraph, ClaimNode } from '@pwt/claims';
import type { SchedulableTask } from './schedulable.js';

/**
 * For each task, the load of the heaviest resource it claims: the summed estimates of all tasks that can't
 * run beside each other on it. Equal claims are one resource, so a file that a thousand tasks claim is weighed once.
 */
export function heaviestLoadsMs(
  tasks: readonly SchedulableTask[],
  graph: ClaimGraph,
): ReadonlyMap<string, number> {
  const claimed = tasks.map((task) => ({ task, nodes: graph.nodesOf(task.claims) }));
  const claimants = new Map<ClaimNode, SchedulableTask[]>();
  for (const { task, nodes } of claimed) {
    for (const node of nodes) {
      const known = claimants.get(node);
      if (known) known.push(task);
      else claimants.set(node, [task]);
    }
  }
  const loads = new Map<ClaimNode, number>();
  const loadOf = (node: ClaimNode): number => {
    const known = loads.get(node);
    if (known !== undefined) return known;
    const rivals = new Set<SchedulableTask>();
    for (const { node: rival, relation } of node.rivals) {
      if (relation === 'conflict') for (const task of claimants.get(rival) ?? []) rivals.add(task);
    }
    let load = 0;
    for (const { estimateMs } of rivals) load += estimateMs;
    loads.set(node, load);
    return load;
  };
  return new Map(
    claimed.map(({ task, nodes }) => [
      task.id,
      nodes.reduce((most, node) => Math.max(most, loadOf(node)), task.estimateMs),
    ]),
  );
}

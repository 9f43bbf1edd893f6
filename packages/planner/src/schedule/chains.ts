import type { ClaimNode } from '@pwt/claims';
import { criticalPathsMs, dependentsOf, topologicalOrder } from './graph.js';
import { type TaskWithNodes, tasksAgainst, tasksByNode } from './load.js';
import type { SchedulableTask } from './schedulable.js';

/**
 * For each task, the time from its start to the end of the longest chain of tasks that wait for it, with unlimited slots:
 * tasks that depend on it, and tasks that come after it in taking turns on what it claims, those with the longest critical
 * path first. An estimate: tasks that wait for one claim need not wait for each other.
 */
export function longestChainsMs(tasks: readonly TaskWithNodes[]): ReadonlyMap<string, number> {
  const paths = criticalPathsMs(tasks);
  const chains = new Map(paths);
  const raise = (id: string, ms: number) => chains.set(id, Math.max(chains.get(id) ?? 0, ms));
  const tasksAt = tasksByNode(tasks);
  const nodes = new Map<number, ClaimNode>();
  for (const task of tasks) for (const node of task.nodes) nodes.set(node.id, node);
  for (const node of nodes.values()) {
    const here = new Set(tasksAt[node.id]);
    for (const [task, ms] of turns([...tasksAgainst(node, tasksAt)], paths))
      if (here.has(task)) raise(task.id, ms);
  }
  const dependents = dependentsOf(tasks);
  const estimates = new Map(tasks.map(({ id, estimateMs }) => [id, estimateMs]));
  for (const id of [...topologicalOrder(tasks).order].reverse()) {
    for (const next of dependents.get(id) ?? [])
      raise(id, (estimates.get(id) ?? 0) + (chains.get(next) ?? 0));
  }
  return chains;
}

/** Tasks that take turns, each with the time from its start to the end of the last one and of what depends on it. */
function turns(
  tasks: readonly SchedulableTask[],
  paths: ReadonlyMap<string, number>,
): readonly (readonly [SchedulableTask, number])[] {
  const pathOf = ({ id }: SchedulableTask) => paths.get(id) ?? 0;
  const lastFirst = [...tasks].sort((a, b) => pathOf(a) - pathOf(b) || (a.id < b.id ? 1 : -1));
  let ms = 0;
  return lastFirst.map((task) => {
    ms = Math.max(ms + task.estimateMs, pathOf(task));
    return [task, ms] as const;
  });
}

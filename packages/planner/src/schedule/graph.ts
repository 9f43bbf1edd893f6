/** A task and the tasks it waits for. */
export interface DependencyNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** For each task, the tasks that wait for it. Dependencies on tasks outside the set are left out. */
export function dependentsOf(nodes: readonly DependencyNode[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  for (const node of nodes) for (const id of node.dependsOn) dependents.get(id)?.push(node.id);
  return dependents;
}

/** The tasks that wait for one of these, directly or through others; without the given ones. */
export function transitiveDependents(
  dependents: ReadonlyMap<string, readonly string[]>,
  ids: Iterable<string>,
): ReadonlySet<string> {
  const given = new Set(ids);
  const found = new Set<string>();
  const stack = [...given];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    for (const next of dependents.get(id) ?? []) {
      if (given.has(next) || found.has(next)) continue;
      found.add(next);
      stack.push(next);
    }
  }
  return found;
}

/**
 * Tasks ordered so that each comes after those it depends on; O(V + E).
 * `cyclic` holds the tasks that can never start: they wait, directly or indirectly, for themselves.
 */
export function topologicalOrder(nodes: readonly DependencyNode[]): {
  readonly order: readonly string[];
  readonly cyclic: readonly string[];
} {
  const dependents = dependentsOf(nodes);
  const open = new Map<string, number>();
  for (const node of nodes)
    open.set(node.id, new Set(node.dependsOn.filter((id) => dependents.has(id))).size);
  const order: string[] = nodes.filter((node) => open.get(node.id) === 0).map((node) => node.id);
  for (let at = 0; at < order.length; at += 1) {
    for (const next of new Set(dependents.get(order[at] as string))) {
      const left = (open.get(next) as number) - 1;
      open.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  const done = new Set(order);
  return { order, cyclic: nodes.map((node) => node.id).filter((id) => !done.has(id)) };
}

/**
 * The critical path of each task: the time from its start to the end of the last task that depends on it, with unlimited
 * slots. For a task on a cycle, its own estimate alone.
 */
export function criticalPathsMs(
  nodes: readonly (DependencyNode & { readonly estimateMs: number })[],
): ReadonlyMap<string, number> {
  const dependents = dependentsOf(nodes);
  const estimates = new Map(nodes.map((node) => [node.id, node.estimateMs]));
  const paths = new Map<string, number>(estimates);
  for (const id of [...topologicalOrder(nodes).order].reverse()) {
    const below = Math.max(0, ...(dependents.get(id) ?? []).map((next) => paths.get(next) ?? 0));
    paths.set(id, (estimates.get(id) as number) + below);
  }
  return paths;
}

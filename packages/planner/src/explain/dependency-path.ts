import type { Task } from '@pwt/core';

/** The shortest chain of dependencies from one task to another, both included, the waiting one first. O(tasks + dependencies). */
export function dependencyPath(
  tasks: readonly Pick<Task, 'id' | 'dependsOn'>[],
  from: string,
  to: string,
): readonly string[] | undefined {
  const dependsOn = new Map(tasks.map((task) => [task.id, task.dependsOn]));
  const reachedFrom = new Map<string, string>();
  const queue = [from];
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] as string;
    for (const next of dependsOn.get(id) ?? []) {
      if (next === to) return [...backTo(from, id, reachedFrom), to];
      if (next === from || reachedFrom.has(next)) continue;
      reachedFrom.set(next, id);
      queue.push(next);
    }
  }
  return undefined;
}

function backTo(from: string, id: string, reachedFrom: ReadonlyMap<string, string>): readonly string[] {
  const path = [id];
  for (let at = id; at !== from; ) {
    at = reachedFrom.get(at) ?? from;
    path.unshift(at);
  }
  return path;
}

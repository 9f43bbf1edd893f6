import { textsOf } from '../../reading/fields.js';
import type { Entry } from './task-list.js';

/** A task that is worked on: a subtask, or a task without subtasks. */
export interface Leaf {
  readonly entry: Entry;
  /** The tasks that it is a part of, the outermost one first. */
  readonly parents: readonly Entry[];
}

/** The tasks of a list that are worked on, in its order. */
export function leavesOf(entries: readonly Entry[], parents: readonly Entry[] = []): readonly Leaf[] {
  return entries.flatMap((entry) =>
    entry.subtasks.length === 0 ? [{ entry, parents }] : leavesOf(entry.subtasks, [...parents, entry]),
  );
}

/**
 * For each leaf, the leaves that it waits for: what it names itself and what the tasks that it is a part of name. Who names
 * a task with subtasks waits for each of them.
 */
export function needsOf(
  entries: readonly Entry[],
  leaves: readonly Leaf[],
): ReadonlyMap<string, readonly string[]> {
  const below = new Map<string, readonly string[]>();
  const collect = (entry: Entry): readonly string[] => {
    const ids = entry.subtasks.length === 0 ? [entry.id] : entry.subtasks.flatMap(collect);
    below.set(entry.id, ids);
    return ids;
  };
  for (const entry of entries) collect(entry);
  return new Map(
    leaves.map(({ entry, parents }) => {
      const own = new Set([entry, ...parents].map(({ id }) => id));
      const named = [...parents, entry].flatMap((one, depth) =>
        namedBy(one, parents[depth - 1], (id) => below.has(id)),
      );
      const ids = named.filter((id) => !own.has(id)).flatMap((id) => below.get(id) ?? [id]);
      return [entry.id, [...new Set(ids)].filter((id) => id !== entry.id)];
    }),
  );
}

/** In a subtask, `2` is its sibling `5.2`; if there is none, the task `2`. */
function namedBy(
  entry: Entry,
  parent: Entry | undefined,
  exists: (id: string) => boolean,
): readonly string[] {
  return textsOf(entry.fields.dependencies).map((id) => {
    const sibling = parent && `${parent.id}.${id}`;
    return sibling !== undefined && exists(sibling) ? sibling : id;
  });
}

import type { RunState } from './state.js';

/** What a map of tasks has come to: their texts stay as they were planned, and only the map grows. */
const known = new WeakMap<object, { readonly size: number; readonly lists: readonly string[] }>();

/**
 * The files in which tasks of a run have lines of their own: those of which the text of a task is a part, and those that are the
 * main text of several. They are joined line by line. A document that tasks have beside their own text is none of them.
 */
export function taskLists({ tasks }: Pick<RunState, 'tasks'>): readonly string[] {
  const before = known.get(tasks);
  if (before?.size === tasks.size) return before.lists;
  const seen = new Set<string>();
  const lists = new Set<string>();
  for (const { task } of tasks.values()) {
    const [main] = task.specs;
    if (main !== undefined && seen.has(main.path)) lists.add(main.path);
    if (main !== undefined) seen.add(main.path);
    for (const { path, firstLine } of task.specs) if (firstLine !== undefined) lists.add(path);
  }
  const found = [...lists];
  known.set(tasks, { size: tasks.size, lists: found });
  return found;
}

import type { RunState } from './state.js';

/** The files in which tasks of a run have lines of their own: lists of tasks. They are joined line by line. */
export function taskLists({ tasks }: Pick<RunState, 'tasks'>): readonly string[] {
  const seen = new Set<string>();
  const lists = new Set<string>();
  for (const { task } of tasks.values()) {
    for (const path of new Set(task.specs.map((spec) => spec.path))) {
      if (seen.has(path)) lists.add(path);
      seen.add(path);
    }
    for (const { path, firstLine } of task.specs) if (firstLine !== undefined) lists.add(path);
  }
  return [...lists];
}

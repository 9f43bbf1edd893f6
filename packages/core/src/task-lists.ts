import type { RunState } from './state.js';

/**
 * The files in which tasks of a run have lines of their own: those of which the text of a task is a part, and those that are the
 * main text of several. They are joined line by line. A document that tasks have beside their own text is none of them.
 */
export function taskLists({ tasks }: Pick<RunState, 'tasks'>): readonly string[] {
  const seen = new Set<string>();
  const lists = new Set<string>();
  for (const { task } of tasks.values()) {
    const [main] = task.specs;
    if (main !== undefined && seen.has(main.path)) lists.add(main.path);
    if (main !== undefined) seen.add(main.path);
    for (const { path, firstLine } of task.specs) if (firstLine !== undefined) lists.add(path);
  }
  return [...lists];
}

import type { ClaimTable } from '../claim-table.js';

/** A path on which at least two tasks have claims that conflict. */
export interface HotFile {
  readonly path: string;
  /** In the order of the request. */
  readonly tasks: readonly string[];
}

/**
 * The hot files of a table, those of the most tasks first.
 *
 * @param taskIds the tasks of the table, in the order in which lists are to have them
 */
export function hotFilesOf(table: ClaimTable, taskIds: readonly string[]): readonly HotFile[] {
  const place = new Map(taskIds.map((taskId, at) => [taskId, at]));
  const placeOf = (taskId: string) => place.get(taskId) ?? 0;
  return table
    .hotFiles()
    .map(({ path, claims }) => {
      const tasks = new Set([...claims].map(({ taskId }) => taskId));
      return { path, tasks: [...tasks].sort((a, b) => placeOf(a) - placeOf(b)) };
    })
    .sort((a, b) => b.tasks.length - a.tasks.length || (a.path < b.path ? -1 : 1));
}

import type { HeldClaim } from '@pwt/claims';
import type { HotFile } from '@pwt/scope';

/** A path that keeps several tasks apart. */
export interface ContestedFile {
  readonly path: string;
  /** In the order of the request. */
  readonly tasks: readonly string[];
}

/**
 * The paths that most tasks want first.
 *
 * @param order the place of each task in lists of tasks
 */
export function contestedFiles(
  hot: readonly HotFile<HeldClaim>[],
  order: ReadonlyMap<string, number>,
): readonly ContestedFile[] {
  const place = (taskId: string) => order.get(taskId) ?? 0;
  return hot
    .map(({ path, claimants }) => {
      const tasks = new Set([...claimants].map(({ taskId }) => taskId));
      return { path, tasks: [...tasks].sort((a, b) => place(a) - place(b)) };
    })
    .sort((a, b) => b.tasks.length - a.tasks.length || (a.path < b.path ? -1 : 1));
}

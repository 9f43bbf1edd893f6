import type { FileTree } from '@pwt/scope';
import type { ClaimConflict, ClaimTable } from '../claim-table.js';
import { type TaskConflict, taskConflict } from './task-conflict.js';

/**
 * The conflicts and possible conflicts of one task with others of a table. It is the first of each pair.
 *
 * @param counts whether another task is compared
 */
export function conflictsOfTask(
  table: ClaimTable,
  taskId: string,
  tree: FileTree,
  counts: (otherId: string) => boolean = () => true,
): readonly TaskConflict[] {
  const reasons = new Map<string, ClaimConflict[]>();
  for (const reason of table.conflictsOf(taskId)) {
    if (!counts(reason.taskId)) continue;
    const known = reasons.get(reason.taskId);
    if (known) known.push(reason);
    else reasons.set(reason.taskId, [reason]);
  }
  return [...reasons].map(([other, all]) => taskConflict([taskId, other], all, tree));
}

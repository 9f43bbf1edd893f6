import type { ClaimTable, FileTree } from '@pwt/scope';
import { type Reason, type TaskConflict, taskConflict } from './task-conflict.js';

/**
 * What one task has against the others of a table; the given task is the first of each pair.
 *
 * @param counts which other tasks are asked about, by their place in the table
 */
export function conflictsInTable(
  table: ClaimTable,
  taskId: string,
  files: FileTree,
  counts: (taskAt: number) => boolean = () => true,
): readonly TaskConflict[] {
  const reasons = new Map<string, Reason[]>();
  for (const mine of table.claimsOf(taskId)) {
    for (const { node, relation, kind, witness, against } of mine.node.rivals) {
      for (const theirs of table.holdersOf(node)) {
        if (theirs.taskId === taskId || !counts(theirs.taskAt)) continue;
        const reason: Reason = {
          mine: mine.claim,
          theirs: theirs.claim,
          at: [mine.at, theirs.at],
          relation,
          kind,
          witness,
          against,
        };
        const known = reasons.get(theirs.taskId);
        if (known) known.push(reason);
        else reasons.set(theirs.taskId, [reason]);
      }
    }
  }
  return [...reasons].map(([other, all]) => taskConflict([taskId, other], all, files));
}

import type { ClaimTable } from '@pwt/claims';
import type { FileTree } from '@pwt/scope';
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
      for (const { held, taskAt, at } of table.holdersOf(node)) {
        if (held.taskId === taskId || !counts(taskAt)) continue;
        const reason: Reason = {
          mine: mine.held.claim,
          theirs: held.claim,
          at: [mine.at, at],
          relation,
          kind,
          witness,
          against,
        };
        const known = reasons.get(held.taskId);
        if (known) known.push(reason);
        else reasons.set(held.taskId, [reason]);
      }
    }
  }
  return [...reasons].map(([other, all]) => taskConflict([taskId, other], all, files));
}

import { hasCode, type Snapshot, type SnapshotRequest } from '@pwt/core';
import { type Git, isAncestor, readSnapshot, resolveObject } from '@pwt/git';
import type { WorkspacesContext } from './context.js';
import type { Homes } from './homes.js';
import { keepSnapshotOf, numberSnapshot } from './keep.js';
import { asSnapshot, findKnownWork } from './known-work.js';
import { isHoused } from './placement.js';

/**
 * Has the state of a workspace kept in the project's repository. Where its worker is lost, that is the last work which the worker
 * has pushed: no other worker is needed for it.
 */
export async function takeSnapshot(
  context: WorkspacesContext,
  homes: Homes,
  { workspace, reason }: SnapshotRequest,
): Promise<Snapshot | undefined> {
  const { placements } = context;
  const placement = await placements.read(workspace.id);
  if (placement === undefined || !isHoused(placement) || placement.taskId === undefined) return undefined;
  const { runId, taskId, homes: count } = placement;
  if (placement.lost === true) return lastKnown(context, workspace.base, { runId, taskId, id: placement.id });
  try {
    const { snapshot } = await homes.callAt(placement, workspace, 'snapshot', { reason });
    return snapshot && (await keepSnapshotOf(context, { runId, taskId }, snapshot.commit, snapshot.ref));
  } catch (error) {
    // One whose folder is gone, or was set back, does not have the work either.
    if (!hasCode(error, 'PWT_WORKER_LOST') && !hasCode(error, 'PWT_WORKSPACE_UNKNOWN')) throw error;
    await placements.lost(placement.id, count);
    return lastKnown(context, workspace.base, { runId, taskId, id: placement.id });
  }
}

async function lastKnown(
  context: WorkspacesContext,
  base: string,
  whose: { readonly id: string; readonly runId: string; readonly taskId: string },
): Promise<Snapshot | undefined> {
  const work = await findKnownWork(context, whose);
  if (work === undefined) return undefined;
  const commit = await asSnapshot(context.git, work, whose);
  if (await isNothing(context.git, commit, base)) return undefined;
  return numberSnapshot(context, whose, commit);
}

/** Whether all is committed, and contained in the base. */
async function isNothing(git: Git, commit: string, base: string): Promise<boolean> {
  const { head, tree, staged, extra, commits } = await readSnapshot(git, commit);
  const headTree = await resolveObject(git, `${head}^{tree}`);
  if (extra !== null || commits.length > 0 || tree !== headTree || staged !== headTree) return false;
  return isAncestor(git, { ancestor: head, descendant: base });
}

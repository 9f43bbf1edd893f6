import {
  type CommitId,
  defined,
  hasCode,
  type MovedOnto,
  type MovedWorkspace,
  type MoveOntoRequest,
  type Snapshot,
  throwIfAborted,
} from '@pwt/core';
import { isAncestor, readHead, requireCommit } from '@pwt/git';
import { collect, type Opened } from '../collect.js';
import type { ProviderContext } from '../context.js';
import { type MergeIntoRequest, mergeInto } from './merge-into.js';
import { remember } from './remember.js';
import { settleMove } from './settle.js';
import { PreparedConflict } from './unresolved.js';

/**
 * Brings the worktree of a task onto another base: that base is merged into what is checked out there.
 *
 * What is uncommitted is committed first, as {@link collect} does it. The merge is made beside the worktree; only then is its
 * result put there, in a step that a later call can undo.
 *
 * @param keep as for {@link collect}
 * @throws PWT_COMMIT_NOT_FOUND, PWT_ABORTED before anything is changed
 * @throws PWT_MERGE_UNSOUND, PWT_GIT_FAILED
 */
export async function moveOnto(
  context: ProviderContext,
  interrupted: Opened,
  request: MoveOntoRequest,
  keep: () => Promise<Snapshot | undefined>,
): Promise<MovedOnto> {
  throwIfAborted(request.abortSignal);
  const onto = await requireCommit(context.git, request.onto);
  const opened = await settleMove(context, interrupted);
  const { workspace, merging } = opened.record;
  if (merging !== undefined) {
    const conflict = await PreparedConflict.of(context, opened);
    const paths = (await conflict?.progress(opened))?.unresolved ?? [];
    // Also where another base is asked for by now: that merge comes first.
    if (paths.length > 0) return { workspace, outcome: { status: 'conflicted', onto: merging.onto, paths } };
  }
  const commit = await collected(context, opened, request, keep);
  if (typeof commit !== 'string') return { workspace, outcome: commit };
  const { abortSignal, lists } = request;
  const outcome = await moveWork(context, opened, { onto, commit, ...defined({ abortSignal, lists }) });
  if (outcome.status === 'kept') return { workspace, outcome };
  return { workspace: { ...workspace, base: outcome.onto }, outcome };
}

/** The commit that has all of the work and is checked out; or why there is none. */
async function collected(
  context: ProviderContext,
  opened: Opened,
  { message }: MoveOntoRequest,
  keep: () => Promise<Snapshot | undefined>,
): Promise<CommitId | MovedWorkspace> {
  const { workspace } = opened.record;
  try {
    const outcome = await collect(context, opened, workspace, message, keep);
    if (outcome.status === 'held') {
      return kept(outcome.findings.find(({ severity }) => severity === 'error')?.message ?? 'it is held');
    }
    const head = await readHead(opened.git, context.commonDir);
    if (head?.commit === outcome.commit) return outcome.commit;
    return kept(`its work is on ${workspace.branch}, and something older is checked out`);
  } catch (error) {
    if (hasCode(error, 'PWT_WORKTREE_BUSY')) return kept(error.message);
    throw error;
  }
}

async function moveWork(
  context: ProviderContext,
  opened: Opened,
  request: MergeIntoRequest,
): Promise<MovedWorkspace> {
  const { onto, commit } = request;
  if (!(await isAncestor(context.git, { ancestor: onto, descendant: commit }))) {
    return mergeInto(context, opened, request);
  }
  await remember(context, opened.record, { base: onto });
  return { status: 'merged', onto };
}

function kept(reason: string): MovedWorkspace {
  return { status: 'kept', reason };
}

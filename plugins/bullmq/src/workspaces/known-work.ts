import { type CommitId, PwtError } from '@pwt/core';
import { type Git, resolveObject, writeSnapshot } from '@pwt/git';
import { refs } from '../exchange/refs.js';
import type { Restoring } from '../protocol/operations.js';
import type { WorkspacesContext } from './context.js';
import { localRefs } from './local-refs.js';
import type { Placement, Saved } from './placement.js';

/**
 * The last work of a workspace that can be had without its worker: what was collected or pushed last, newest first. An attempt
 * whose result is not on the exchange is given up by this. It is kept in the project's repository, and on record.
 *
 * @returns `undefined` if there is none, as of a workspace in which no agent has got on
 */
export async function findKnownWork(
  context: WorkspacesContext,
  { id }: Pick<Placement, 'id'>,
): Promise<Saved | undefined> {
  const placement = await context.placements.read(id);
  if (placement === undefined) return undefined;
  const { saved, launched } = placement;
  const open = launched.filter((number) => number > (saved?.after ?? 0)).sort((a, b) => b - a);
  for (const number of open) {
    const found = await workOf(context, placement, number);
    if (found === undefined) continue;
    await context.placements.update(id, (one) => ({ ...one, saved: found }));
    return found;
  }
  return saved;
}

/** Puts work on the exchange for a worker to restore, in the shape of a snapshot. */
export async function offerWork(
  { git, exchange }: WorkspacesContext,
  { runId, taskId = '' }: Placement,
  work: Saved,
  isAgain: boolean,
): Promise<Restoring> {
  const commit = await asSnapshot(git, work, { runId, taskId });
  await exchange.offer(runId, commit, isAgain);
  return { ref: refs.base(commit), commit };
}

async function workOf(
  { exchange, placements }: WorkspacesContext,
  { id, runId, taskId, home }: Placement,
  number: number,
): Promise<Saved | undefined> {
  if (taskId === undefined) return undefined;
  const attempt = { runId, taskId, number };
  const decided = await exchange.giveUp(attempt);
  if (decided.status === 'given-up') await placements.gaveUp(id, number, home?.worker ?? '');
  const found = decided.status === 'finished' ? decided : await exchange.unfinished(attempt);
  if (found === undefined) return undefined;
  const { ref, commit } = found;
  await exchange.take({ ref, commit, into: localRefs.commit(runId, taskId, commit) });
  return { after: number, commit, shape: 'snapshot' };
}

/**
 * Work in the shape of a snapshot; the same commit each time. A plain commit may be a merge, which would be read as a snapshot of
 * one of its parents.
 */
export async function asSnapshot(
  git: Git,
  { commit: head, shape }: Saved,
  { runId, taskId }: { readonly runId: string; readonly taskId: string },
): Promise<CommitId> {
  if (shape === 'snapshot') return head;
  const tree = await resolveObject(git, `${head}^{tree}`);
  if (tree === null)
    throw new PwtError('PWT_COMMIT_NOT_FOUND', `There is no commit ${head} in the repository.`, {
      hint: 'It was collected from a worker, and something has deleted it since. See: git fsck',
      data: { commit: head },
    });
  const captured = { head, tree, staged: tree, extra: null, commits: [], unfiltered: false };
  return writeSnapshot(git, captured, { runId, taskId, reason: 'as it was collected', takenAt: 0 });
}

import { type CommitId, defined, hasCode, type MovedWorkspace } from '@pwt/core';
import {
  checkOutTree,
  conflictedPaths,
  fallbackWhereUnset,
  type MergeTreeOutcome,
  mergeBases,
  mergeWithin,
  requireTree,
  showMerge,
  verifyMerge,
  writeCommit,
} from '@pwt/git';
import type { Opened } from '../collect.js';
import type { ProviderContext } from '../context.js';
import { labelsFor } from './labels.js';
import { obstaclesTo } from './obstacles.js';
import { remember } from './remember.js';
import { undoMove } from './settle.js';

/** Beside the checkout it takes milliseconds; a merge driver of the user's may hang. */
const MERGE_TIMEOUT_MS = 5 * 60_000;

/** What is merged into a worktree, and where the work in it is. By full id. */
export interface MergeIntoRequest {
  readonly onto: CommitId;
  readonly commit: CommitId;
  /** Files that are joined line by line. */
  readonly lists?: readonly string[];
  readonly abortSignal?: AbortSignal;
}

/** What the worktree is to be like. */
interface Plan {
  /** The tree of its files. */
  readonly to: string;
  /** The commit that it is to be on; absent while there are conflicts. */
  readonly head?: CommitId;
  readonly merge?: Extract<MergeTreeOutcome, { status: 'conflicted' }>;
  readonly message: string;
}

/**
 * Merges a commit into what is checked out in a worktree, where everything is committed. It is a commit, or a merge under way
 * with its conflicts.
 *
 * The record says beforehand what is done, so that an interrupted move can be undone.
 */
export async function mergeInto(
  context: ProviderContext,
  opened: Opened,
  request: MergeIntoRequest,
): Promise<MovedWorkspace> {
  const { onto, commit } = request;
  const sides = { head: commit, onto, ...defined({ lists: request.lists }) };
  const plan = await planMerge(context, opened, request);
  if ('status' in plan) return plan;
  const from = await requireTree(context.git, commit);
  const obstacle = await obstaclesTo(opened, { from, to: plan.to });
  if (obstacle !== undefined) return { status: 'kept', reason: obstacle };
  context.collected.delete(opened.record.workspace.id);
  const record = await remember(context, opened.record, { moving: { ...sides, to: plan.to } });
  try {
    await checkOutTree(opened.git, { from, to: plan.to });
  } catch (error) {
    if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
    await undoMove(context, { ...opened, record });
    return { status: 'kept', reason: error.message };
  }
  if (plan.merge === undefined) {
    const head = plan.head ?? onto;
    await opened.git.run(['update-ref', '-m', `pwt: merge ${onto}`, 'HEAD', head, commit]);
    await remember(context, record, { base: onto, moving: null });
    return { status: 'merged', onto };
  }
  const { stages } = plan.merge;
  await showMerge(opened.git, { theirs: onto, stages, message: plan.message });
  await remember(context, record, { base: onto, moving: null, merging: sides });
  return { status: 'conflicted', onto, paths: conflictedPaths(plan.merge) };
}

async function planMerge(
  { git }: ProviderContext,
  { record: { workspace } }: Opened,
  { onto, commit, lists, abortSignal }: MergeIntoRequest,
): Promise<Plan | Extract<MovedWorkspace, { status: 'kept' }>> {
  const { branch } = workspace;
  const message = `Merge ${onto.slice(0, 10)} into ${branch ?? 'the work of the task'}\n`;
  const bases = await mergeBases(git, commit, onto);
  if (bases.length === 0) return { status: 'kept', reason: `it has no history in common with ${onto}` };
  if (bases.includes(commit)) return { to: await requireTree(git, onto), head: onto, message };
  const labels = await labelsFor(git, { branch, onto });
  const limits = { mergeTimeoutMs: MERGE_TIMEOUT_MS, abortSignal, lists };
  const merge = await mergeWithin(git, { ours: commit, theirs: onto, labels }, limits).catch(timedOut);
  if (merge === undefined) return { status: 'kept', reason: 'merging it took too long' };
  if (merge.status === 'conflicted') return { to: merge.tree, merge, message };
  await verifyMerge(git, { onto: commit, commit: onto, bases, tree: merge.tree });
  const head = await writeCommit(git, {
    tree: merge.tree,
    parents: [commit, onto],
    message,
    ...(await fallbackWhereUnset(git)),
    guessIdentity: false,
  });
  return { to: merge.tree, head, message };
}

function timedOut(error: unknown): undefined {
  if (hasCode(error, 'PWT_MERGE_TIMED_OUT')) return undefined;
  throw error;
}

import { hasCode, type IntegrateOutcome, type IntegrateRequest, throwIfAborted } from '@pwt/core';
import {
  conflictedPaths,
  findMergeBases,
  type Git,
  isObjectId,
  type MergeSides,
  mergeBases,
  mergeWithin,
  readSides,
  requireCommit,
  requireGitVersion,
  verifyMerge,
} from '@pwt/git';
import { commitEdits, commitWork, type KeepOptions, mergedAs, readCandidate } from './candidate.js';
import { clashingNames } from './clashing-names.js';
import { editTree } from './edit-tree.js';
import { invalidPaths } from './invalid-paths.js';
import { mergeAgain } from './merge-again.js';
import { candidateRef } from './run-refs.js';
import { unrelated } from './unrelated.js';
import { wordsOf } from './work-commit.js';

export interface IntegrateOptions extends KeepOptions {
  readonly mergeTimeoutMs: number;
}

/**
 * Joins a commit with another beside every checkout: objects and one ref of the run, nothing else.
 *
 * Always makes a commit of its own with `onto` as its first parent, a fast-forward included, so that each task is
 * one commit on the first-parent line. Its tree is that of the merge, whatever the strategy, and is checked against
 * both inputs (see {@link verifyMerge}); the changes of `edit` come on top. A merge commit of the same two commits that an
 * earlier, interrupted call made is found again.
 *
 * @throws PWT_GIT_TOO_OLD before git 2.38
 * @throws PWT_MERGE_TIMED_OUT when a merge driver of the user's hangs
 * @throws PWT_ABORTED before anything is kept: the merge itself can be ended, a merge driver with it
 * @throws PWT_COMMIT_NOT_FOUND, PWT_BAD_REF_NAME, PWT_MERGE_UNSOUND, PWT_SIGNING_FAILED, PWT_GIT_FAILED
 */
export async function integrate(
  git: Git,
  request: IntegrateRequest,
  options: IntegrateOptions,
): Promise<IntegrateOutcome> {
  throwIfAborted(request.abortSignal);
  requireGitVersion(await git.version(), '2.38', 'merging beside the checkout');
  const ref = candidateRef(request.runId, request.subject);
  const [{ onto, commit, bases }, candidate] = await Promise.all([
    findSides(git, request),
    readCandidate(git, ref),
  ]);
  const place = { git, ref, before: candidate?.id ?? null, options };
  if (bases.includes(commit)) return commitEdits(place, { ...request, onto });
  const isLinear = (request.strategy ?? 'merge') !== 'merge';
  if (!isLinear && candidate !== null && candidate.parents === `${onto} ${commit}`) {
    const again = await editTree(git, candidate.tree, request.edit);
    // It has the changes already, unless it was made without them.
    if (again.tree === candidate.tree) return mergedAs(candidate.id, again);
  }
  if (bases.length === 0) return unrelated(git);
  const { abortSignal, lists } = request;
  const limits = { ...options, abortSignal, lists };
  const [merge, sides] = await Promise.all([
    mergeWithin(git, { ours: onto, theirs: commit }, limits),
    readSides(git, { onto, commit, bases }),
  ]);
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  const { tree } = merge;
  const changes = await verifyMerge(git, { onto, commit, bases, tree, sides });
  await mergeAgain(git, { onto, commit, bases, tree, sides }, limits);
  if (isLinear && changes.length === 0) return commitEdits(place, { ...request, onto });
  const refused = [...invalidPaths(changes), ...(await clashingNames(git, tree, changes))];
  if (refused.length > 0) return { status: 'conflicted', paths: refused };

  const words = await wordsOf(git, request, { onto, commit, bases });
  const edited = await editTree(git, tree, request.edit);
  const made = await commitWork(place, {
    onto,
    words,
    edited,
    changes: edited.tree === tree ? changes : null,
  });
  return mergedAs(made, edited);
}

/** The commits to join, by full id, and their merge bases: `commit` itself is one if `onto` contains it. */
async function findSides(git: Git, { onto, commit }: IntegrateRequest): Promise<MergeSides> {
  if (isObjectId(onto) && isObjectId(commit)) {
    try {
      return { onto, commit, bases: await findMergeBases(git, onto, commit) };
    } catch (error) {
      if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
      // One of them is missing: `requireCommit` says which.
    }
  }
  const sides = { onto: await requireCommit(git, onto), commit: await requireCommit(git, commit) };
  return { ...sides, bases: await mergeBases(git, sides.onto, sides.commit) };
}

import { type IntegrateOutcome, type ReplayRequest, throwIfAborted } from '@pwt/core';
import { conflictedPaths, type Git, mergeBases, mergeWithin, requireGitVersion, verifyMerge } from '@pwt/git';
import { commitEdits, commitWork, mergedAs, readCandidate } from './candidate.js';
import { clashingNames } from './clashing-names.js';
import { editTree } from './edit-tree.js';
import type { IntegrateOptions } from './integrate.js';
import { invalidPaths } from './invalid-paths.js';
import { candidateRef } from './run-refs.js';
import { unrelated } from './unrelated.js';
import { wordsOf } from './work-commit.js';

/**
 * Puts what a commit has changed since its merge base with `over` onto another commit, as one commit with one parent.
 * Writes objects and one ref of the run; touches no checkout.
 *
 * @throws PWT_GIT_TOO_OLD before git 2.38
 * @throws PWT_MERGE_UNSOUND if the tree is not the join of both sides, checked as by `integrate`
 * @throws PWT_ABORTED, PWT_MERGE_TIMED_OUT, PWT_CANDIDATE_MOVED, PWT_BAD_REF_NAME, PWT_SIGNING_FAILED, PWT_GIT_FAILED
 */
export async function replay(
  git: Git,
  request: ReplayRequest,
  options: IntegrateOptions,
): Promise<IntegrateOutcome> {
  throwIfAborted(request.abortSignal);
  requireGitVersion(await git.version(), '2.38', 'merging beside the checkout');
  const { runId, subject, onto, commit, over, abortSignal, lists } = request;
  const [base] = await mergeBases(git, over, commit);
  if (base === undefined) return unrelated(git);
  const sides = { ours: onto, theirs: commit, base };
  const merge = await mergeWithin(git, sides, { ...options, abortSignal, lists });
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  const { tree } = merge;
  const changes = await verifyMerge(git, { onto, commit, bases: [base], tree });
  const ref = candidateRef(runId, subject);
  const place = { git, ref, before: (await readCandidate(git, ref))?.id ?? null, options };
  if (changes.length === 0) return commitEdits(place, request);
  const refused = [...invalidPaths(changes), ...(await clashingNames(git, tree, changes))];
  if (refused.length > 0) return { status: 'conflicted', paths: refused };
  const words = await wordsOf(git, request, { onto, commit, over });
  const edited = await editTree(git, tree, request.edit);
  const made = await commitWork(place, {
    onto,
    words,
    edited,
    changes: edited.tree === tree ? changes : null,
  });
  return mergedAs(made, edited);
}

import { type IntegrateOutcome, type ReplayRequest, throwIfAborted } from '@pwt/core';
import { conflictedPaths, type Git, mergeBases, mergeWithin, requireGitVersion, verifyMerge } from '@pwt/git';
import { clashingNames } from './clashing-names.js';
import { commitWithFallbackIdentity, type IntegrateOptions, keepCandidate } from './integrate.js';
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
  options: Pick<IntegrateOptions, 'mergeTimeoutMs' | 'signing'>,
): Promise<IntegrateOutcome> {
  throwIfAborted(request.abortSignal);
  requireGitVersion(await git.version(), '2.38', 'merging beside the checkout');
  const { runId, subject, onto, commit, over } = request;
  const [base] = await mergeBases(git, over, commit);
  if (base === undefined) return unrelated(git);
  const sides = { ours: onto, theirs: commit, base };
  const merge = await mergeWithin(git, sides, { ...options, abortSignal: request.abortSignal });
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  const { tree } = merge;
  const changes = await verifyMerge(git, { onto, commit, bases: [base], tree });
  if (changes.length === 0) return { status: 'contained' };
  const refused = [...invalidPaths(changes), ...(await clashingNames(git, tree, changes))];
  if (refused.length > 0) return { status: 'conflicted', paths: refused };
  const words = await wordsOf(git, request, { onto, commit, over });
  const replayed = await commitWithFallbackIdentity(git, { tree, ...words, signing: options.signing });
  await keepCandidate(git, candidateRef(runId, subject), replayed);
  return { status: 'merged', commit: replayed };
}

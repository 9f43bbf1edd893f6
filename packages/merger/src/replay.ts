import { type IntegrateOutcome, type ReplayRequest, throwIfAborted } from '@pwt/core';
import { type Git, mergeBases, requireGitVersion } from '@pwt/git';
import { commitAsSomebody, conflictedPaths, keepCandidate, mergeWithin, withTrailers } from './integrate.js';
import { candidateRef } from './run-refs.js';

/**
 * Puts what a commit has changed, measured from where it parts from `over`, onto another line: a commit with one
 * parent. Objects and one ref of the run, no checkout.
 *
 * `git merge-tree` takes a merge base of the caller's choice from git 2.40 only. Before, and the same in every
 * release: three commits that are never kept, whose histories make it so that the base is the common one.
 *
 * @throws PWT_GIT_TOO_OLD before git 2.38
 * @throws PWT_ABORTED, PWT_MERGE_TIMED_OUT, PWT_CANDIDATE_MOVED, PWT_BAD_REF_NAME, PWT_GIT_FAILED
 */
export async function replay(
  git: Git,
  request: ReplayRequest,
  options: { readonly mergeTimeoutMs: number },
): Promise<IntegrateOutcome> {
  throwIfAborted(request.abortSignal);
  requireGitVersion(await git.version(), '2.38', 'merging beside the checkout');
  const { runId, subject, onto, commit, over, message } = request;
  const [base] = await mergeBases(git, over, commit);
  if (base === undefined)
    return { status: 'conflicted', paths: [{ path: '.', kind: 'unrelated histories' }] };
  const root = await commitAsSomebody(git, { tree: `${base}^{tree}`, parents: [], message: 'base\n' });
  const sideOf = (tree: string) =>
    commitAsSomebody(git, { tree: `${tree}^{tree}`, parents: [root], message: 'side\n' });
  const [ours, theirs] = await Promise.all([sideOf(onto), sideOf(commit)]);
  const merge = await mergeWithin(git, { ours, theirs }, { ...options, abortSignal: request.abortSignal });
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  if (merge.tree === (await git.text(['rev-parse', '--verify', `${onto}^{tree}`])))
    return { status: 'contained' };
  const replayed = await commitAsSomebody(git, {
    ...{ tree: merge.tree, parents: [onto], message: withTrailers(message, subject) },
  });
  await keepCandidate(git, candidateRef(runId, subject), replayed);
  return { status: 'merged', commit: replayed };
}

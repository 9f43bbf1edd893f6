import { type IntegrateOutcome, type ReplayRequest, throwIfAborted } from '@pwt/core';
import { type Git, mergeBases, requireGitVersion } from '@pwt/git';
import {
  commitWithFallbackIdentity,
  conflictedPaths,
  keepCandidate,
  mergeWithin,
  withTrailers,
} from './integrate.js';
import { candidateRef } from './run-refs.js';

/**
 * Puts what a commit has changed since its merge base with `over` onto another commit, as one commit with one parent.
 * Writes objects and one ref of the run; touches no checkout.
 *
 * `git merge-tree` has an option for the merge base only since git 2.40. This works in every release: three temporary
 * commits without a ref, made so that their merge base is the wanted one.
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
  const root = await commitWithFallbackIdentity(git, {
    tree: `${base}^{tree}`,
    parents: [],
    message: 'base\n',
  });
  const sideOf = (tree: string) =>
    commitWithFallbackIdentity(git, { tree: `${tree}^{tree}`, parents: [root], message: 'side\n' });
  const [ours, theirs] = await Promise.all([sideOf(onto), sideOf(commit)]);
  const merge = await mergeWithin(git, { ours, theirs }, { ...options, abortSignal: request.abortSignal });
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  if (merge.tree === (await git.text(['rev-parse', '--verify', `${onto}^{tree}`])))
    return { status: 'contained' };
  const replayed = await commitWithFallbackIdentity(git, {
    ...{ tree: merge.tree, parents: [onto], message: withTrailers(message, subject) },
  });
  await keepCandidate(git, candidateRef(runId, subject), replayed);
  return { status: 'merged', commit: replayed };
}

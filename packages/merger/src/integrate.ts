import { hasCode, type IntegrateOutcome, type IntegrateRequest, PwtError, throwIfAborted } from '@pwt/core';
import {
  type CommitTreeRequest,
  commitTree,
  conflictedPaths,
  fallbackWhereUnset,
  findMergeBases,
  type Git,
  isObjectId,
  type MergeSides,
  mergeBases,
  mergeWithin,
  objectsOf,
  readCommitObject,
  readRef,
  readSides,
  requireCommit,
  requireGitVersion,
  type Signing,
  swapRef,
  verifyMerge,
  writeCommit,
} from '@pwt/git';
import { clashingNames } from './clashing-names.js';
import { invalidPaths } from './invalid-paths.js';
import type { KnownMerges } from './known-merges.js';
import { mergeAgain } from './merge-again.js';
import { candidateRef } from './run-refs.js';
import { unrelated } from './unrelated.js';
import { wordsOf } from './work-commit.js';

export interface IntegrateOptions {
  readonly mergeTimeoutMs: number;
  /** Remembers the merge. */
  readonly known: KnownMerges;
  /** How commits are signed, if they are. */
  readonly signing: Signing | undefined;
}

/**
 * Joins a commit with another beside every checkout: objects and one ref of the run, nothing else.
 *
 * Always makes a commit of its own with `onto` as its first parent, a fast-forward included, so that each task is
 * one commit on the first-parent line. Its tree is that of the merge, whatever the strategy, and is checked against
 * both inputs (see {@link verifyMerge}). A merge commit of the same two commits that an earlier, interrupted call made
 * is found again.
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
  if (bases.includes(commit)) return { status: 'contained' };
  const isLinear = (request.strategy ?? 'merge') !== 'merge';
  if (!isLinear && candidate !== null && candidate.parents === `${onto} ${commit}`) {
    return { status: 'merged', commit: candidate.id };
  }
  if (bases.length === 0) return unrelated(git);
  const limits = { ...options, abortSignal: request.abortSignal };
  const [merge, sides] = await Promise.all([
    mergeWithin(git, { ours: onto, theirs: commit }, limits),
    readSides(git, { onto, commit, bases }),
  ]);
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  const { tree } = merge;
  const changes = await verifyMerge(git, { onto, commit, bases, tree, sides });
  await mergeAgain(git, { onto, commit, bases, tree, sides }, limits);
  if (isLinear && changes.length === 0) return { status: 'contained' };
  const refused = [...invalidPaths(changes), ...(await clashingNames(git, tree, changes))];
  if (refused.length > 0) return { status: 'conflicted', paths: refused };

  const words = await wordsOf(git, request, { onto, commit, bases });
  const merged = await commitWithFallbackIdentity(git, { tree, ...words, signing: options.signing });
  await keep(git, ref, merged, candidate?.id ?? null);
  options.known.add({ commit: merged, parents: words.parents, changes });
  options.known.addTree(merged, tree);
  return { status: 'merged', commit: merged };
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

/** Commits with the identity that git is configured with, or as `pwt` where it has none. */
export async function commitWithFallbackIdentity(git: Git, request: CommitTreeRequest): Promise<string> {
  const withFallback = async () => commitTree(git, { ...(await fallbackWhereUnset(git)), ...request });
  // Whether the identity or the key is missing, a program that signs does not say.
  if (request.signing !== undefined) return withFallback();
  try {
    return await writeCommit(git, { ...request, guessIdentity: false });
  } catch (error) {
    if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
    return withFallback();
  }
}

/** The commit that an earlier call has kept, and its parents. */
async function readCandidate(git: Git, ref: string): Promise<{ id: string; parents: string } | null> {
  const id = await readRef(git, ref);
  const commit = id === null ? null : await readCommitObject(objectsOf(git), id);
  return id === null ? null : { id, parents: commit?.parents.join(' ') ?? '' };
}

/** Keeps a commit alive under the run's own ref, whatever the ref pointed to before. */
export async function keepCandidate(git: Git, ref: string, commit: string): Promise<void> {
  await keep(git, ref, commit, (await readCandidate(git, ref))?.id ?? null);
}

async function keep(git: Git, ref: string, commit: string, before: string | null): Promise<void> {
  const update = await swapRef(git, { ref, newValue: commit, oldValue: before });
  if (update.status === 'updated') return;
  throw new PwtError('PWT_CANDIDATE_MOVED', `${ref} was moved by another process during the merge.`, {
    hint: 'Is a second pwt at work in this repository? Then wait for it, and run: pwt resume',
    data: { ref, expected: before, actual: update.actual },
  });
}

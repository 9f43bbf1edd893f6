import { hasCode, type IntegrateOutcome, type IntegrateRequest, PwtError } from '@pwt/core';
import {
  type ChangedFile,
  type CommitTreeRequest,
  commitTree,
  compareTrees,
  fallbackWhereUnset,
  type Git,
  objectsOf,
  readCommitObject,
  readRef,
  requireTree,
  type Signing,
  swapRef,
  writeCommit,
} from '@pwt/git';
import { type EditedTree, editTree } from './edit-tree.js';
import type { KnownMerges } from './known-merges.js';
import { withTrailers } from './message.js';

export interface KeepOptions {
  /** Remembers the commit. */
  readonly known: KnownMerges;
  /** How commits are signed, if they are. */
  readonly signing: Signing | undefined;
}

/** The ref of a candidate, and what it pointed to before. */
interface CandidatePlace {
  readonly git: Git;
  readonly ref: string;
  readonly before: string | null;
  readonly options: KeepOptions;
}

/** A commit that an earlier call has kept. */
interface Candidate {
  readonly id: string;
  /** Empty if the commit is gone. */
  readonly parents: string;
  readonly tree: string;
}

export async function readCandidate(git: Git, ref: string): Promise<Candidate | null> {
  const id = await readRef(git, ref);
  const commit = id === null ? null : await readCommitObject(objectsOf(git), id);
  return id === null ? null : { id, parents: commit?.parents.join(' ') ?? '', tree: commit?.tree ?? '' };
}

interface JoinedWork {
  readonly onto: string;
  readonly words: Omit<CommitTreeRequest, 'tree'>;
  readonly edited: EditedTree;
  /** What the tree changes against `onto`, if that is known. */
  readonly changes: readonly ChangedFile[] | null;
}

/** Makes the commit of joined work, and keeps it alive under the run's own ref. */
export async function commitWork(place: CandidatePlace, work: JoinedWork): Promise<string> {
  const { git, ref, before, options } = place;
  const { onto, words, edited } = work;
  const { tree } = edited;
  const commit = await commitWithFallbackIdentity(git, { tree, ...words, signing: options.signing });
  await keep(git, ref, commit, before);
  const changes = work.changes ?? (await compareTrees(objectsOf(git), await requireTree(git, onto), tree));
  options.known.add({ commit, parents: words.parents, changes });
  options.known.addTree(commit, tree);
  return commit;
}

/** What becomes of work that is there already: a commit with the changes that the request wants beside it, or none. */
export async function commitEdits(
  place: CandidatePlace,
  request: IntegrateRequest,
): Promise<IntegrateOutcome> {
  const { git } = place;
  const { onto, message, subject, trailers } = request;
  const tree = await requireTree(git, onto);
  const edited = await editTree(git, tree, request.edit);
  if (edited.tree === tree) return { status: 'contained', ...refusedIn(edited) };
  const words = { parents: [onto], message: withTrailers(message, subject, trailers) };
  const commit = await commitWork(place, { onto, words, edited, changes: null });
  return { status: 'merged', commit, onlyEdits: true, ...refusedIn(edited) };
}

export function mergedAs(commit: string, edited: EditedTree): IntegrateOutcome {
  return { status: 'merged', commit, ...refusedIn(edited) };
}

function refusedIn({ refused }: EditedTree): Pick<IntegrateOutcome & { status: 'merged' }, 'refused'> {
  return refused.length === 0 ? {} : { refused };
}

/** Commits with the identity that git is configured with, or as `pwt` where it has none. */
async function commitWithFallbackIdentity(git: Git, request: CommitTreeRequest): Promise<string> {
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

/** Keeps a commit alive under the run's own ref. */
async function keep(git: Git, ref: string, commit: string, before: string | null): Promise<void> {
  const update = await swapRef(git, { ref, newValue: commit, oldValue: before });
  if (update.status === 'updated') return;
  throw new PwtError('PWT_CANDIDATE_MOVED', `${ref} was moved by another process during the merge.`, {
    hint: 'Is a second pwt at work in this repository? Then wait for it, and run: pwt resume',
    data: { ref, expected: before, actual: update.actual },
  });
}

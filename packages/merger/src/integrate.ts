import { type IntegrateOutcome, type IntegrateRequest, PwtError } from '@pwt/core';
import {
  commitTree,
  type Git,
  isAncestor,
  type MergeTreeOutcome,
  mergeBases,
  mergeTree,
  readIdentity,
  readRef,
  requireGitVersion,
  resolveCommit,
  updateRef,
} from '@pwt/git';
import { candidateRef } from './run-refs.js';
import { verifyMerge } from './verify-merge.js';

/** Who commits where git has no identity configured. */
const FALLBACK_IDENTITY = { name: 'pwt', email: 'pwt@localhost' } as const;

/**
 * Merges a commit onto another beside every checkout: objects and one ref of the run, nothing else.
 *
 * Always makes a merge commit with `onto` as its first parent, a fast-forward included, so that each task is
 * one commit on the first-parent line. A merge of the same two commits that an earlier, interrupted call made
 * is found again.
 *
 * @throws PWT_GIT_TOO_OLD before git 2.38
 * @throws PWT_MERGE_TIMED_OUT when a merge driver of the user's hangs
 * @throws PWT_COMMIT_NOT_FOUND, PWT_BAD_REF_NAME, PWT_MERGE_UNSOUND, PWT_GIT_FAILED
 */
export async function integrate(
  git: Git,
  mergeTimeoutMs: number,
  request: IntegrateRequest,
): Promise<IntegrateOutcome> {
  requireGitVersion(await git.version(), '2.38', 'merging beside the checkout');
  const ref = candidateRef(request.runId, request.label);
  const onto = await requireCommit(git, request.onto);
  const commit = await requireCommit(git, request.commit);
  if (await isAncestor(git, { ancestor: commit, descendant: onto })) return { status: 'contained' };

  const candidate = await readRef(git, ref);
  if (candidate !== null && (await isMergeOf(git, candidate, onto, commit))) {
    return { status: 'merged', commit: candidate };
  }
  const bases = await mergeBases(git, onto, commit);
  if (bases.length === 0) {
    return { status: 'conflicted', paths: [{ path: '.', kind: 'unrelated histories' }] };
  }
  const merge = await mergeWithin(mergeTimeoutMs, git, { ours: onto, theirs: commit });
  if (merge.status === 'conflicted') return { status: 'conflicted', paths: conflictedPaths(merge) };
  await verifyMerge(git, { onto, commit, bases, tree: merge.tree });

  const merged = await commitTree(git, {
    tree: merge.tree,
    parents: [onto, commit],
    message: withTrailer(request.message, request.label),
    ...(await fallbackIdentity(git)),
  });
  await keep(git, ref, merged, candidate);
  return { status: 'merged', commit: merged };
}

/**
 * A merge in memory takes milliseconds; a merge driver that the user has configured may take for ever. It is
 * not waited for after the time-out: it may hold git's output open long after git itself was stopped.
 */
async function mergeWithin(
  timeoutMs: number,
  git: Git,
  sides: { readonly ours: string; readonly theirs: string },
): Promise<MergeTreeOutcome> {
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new PwtError(
        'PWT_MERGE_TIMED_OUT',
        `Merging ${sides.theirs} took over ${timeoutMs} ms.`,
        {
          hint: 'A merge driver probably hangs. See: git config --get-regexp "merge[.].*[.]driver"',
          data: { ...sides, timeoutMs },
        },
      );
      stop.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([mergeTree(git, { ...sides, abortSignal: stop.signal }), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Nobody in particular where git knows who commits. */
async function fallbackIdentity(git: Git) {
  const known = await readIdentity(git);
  return known === null ? { author: FALLBACK_IDENTITY, committer: FALLBACK_IDENTITY } : {};
}

async function requireCommit(git: Git, id: string): Promise<string> {
  const commit = await resolveCommit(git, id);
  if (commit !== null) return commit;
  throw new PwtError('PWT_COMMIT_NOT_FOUND', `There is no commit ${id} in this repository.`, {
    hint: 'If it was made elsewhere, fetch it first. If it was here before, look in: git reflog --all',
    data: { commit: id },
  });
}

async function isMergeOf(git: Git, candidate: string, onto: string, commit: string): Promise<boolean> {
  const parents = await git.text(['rev-list', '--no-walk', '--parents', candidate]);
  return parents === `${candidate} ${onto} ${commit}`;
}

async function keep(git: Git, ref: string, commit: string, before: string | null): Promise<void> {
  const update = await updateRef(git, { ref, newValue: commit, oldValue: before });
  if (update.status === 'updated') return;
  throw new PwtError('PWT_CANDIDATE_MOVED', `${ref} was moved by somebody else during the merge.`, {
    hint: 'Is a second pwt at work in this repository? Then wait for it, and run: pwt resume',
    data: { ref, expected: before, actual: update.actual },
  });
}

function conflictedPaths({ paths, stages, notes }: Extract<MergeTreeOutcome, { status: 'conflicted' }>) {
  const inBase = new Set(stages.filter(({ stage }) => stage === 1).map(({ path }) => path));
  return paths.map((path) => {
    const note = notes.find((candidate) => candidate.paths.includes(path));
    return note === undefined ? { path } : { path, kind: kindOf(note.type, inBase.has(path)) };
  });
}

/**
 * `CONFLICT (modify/delete)` is kind `modify/delete`. Edits of one place are `contents` for git, also where
 * the whole file is new on both sides; people say `content` and `add/add`.
 */
function kindOf(type: string, isInBase: boolean): string {
  const kind = /^CONFLICT \((.*)\)$/.exec(type)?.[1] ?? type;
  if (kind !== 'contents') return kind;
  return isInBase ? 'content' : 'add/add';
}

/** Adds `Pwt-Task`, in the block of trailers that the message may already have. */
export function withTrailer(message: string, label: string): string {
  const text = message.trimEnd();
  if (label === 'target' || text.split('\n').includes(`Pwt-Task: ${label}`)) return `${text}\n`;
  const lastParagraph = text.slice(text.lastIndexOf('\n\n') + 2);
  const hasTrailers =
    text.includes('\n\n') && lastParagraph.split('\n').every((line) => /^[A-Za-z0-9-]+: ./.test(line));
  return `${text}${hasTrailers ? '\n' : '\n\n'}Pwt-Task: ${label}\n`;
}

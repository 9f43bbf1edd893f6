import { type AgentExit, type CommitId, defined, hasCode, type Workspace } from '@pwt/core';
import {
  type Captured,
  capture,
  commitTree,
  fallbackIdentity,
  type Git,
  isClean,
  isSameState,
  objectsOf,
  type Place,
  readCommitObject,
  readRef,
  requireTree,
  writeSnapshot,
} from '@pwt/git';
import { type GitWorktreeProvider, openWorktree, type PreparedMerge } from '@pwt/worktree';
import { formatNote, TRAILER, type WorkNote } from '../../exchange/work-note.js';
import type { AttemptKey } from '../../protocol/operations.js';
import type { Mirror } from '../mirror.js';

/** Where a workspace of a worker is. */
export interface WorkPlace {
  readonly mirror: Pick<Mirror, 'git' | 'commonDir' | 'fetch'>;
  /** Of the provider. Absolute. */
  readonly stateDir: string;
  readonly provider: Pick<GitWorktreeProvider, 'snapshot' | 'leftMerge' | 'adoptMerge'>;
}

export interface CommitWorkRequest {
  readonly workspace: Workspace;
  readonly attempt: AttemptKey;
  /** Absent for unfinished work. */
  readonly exit?: AgentExit;
  /** The state that was committed before: if nothing has changed since, that is the answer. */
  readonly last?: CommitId;
  /** Milliseconds since the epoch. @default now */
  readonly takenAt?: number;
}

/**
 * Commits everything that is in a workspace and is not ignored, in the shape of a stash, with what is known of the attempt in its message.
 * Nothing in the workspace is changed, no ref is moved, and an agent may work in it.
 *
 * Where an agent has replaced or removed the `.git` of its worktree, it is what the provider's snapshot of it finds.
 *
 * @returns `undefined` for unfinished work, if there is none beyond the base and there was none before
 * @throws PwtError `PWT_GIT_FAILED` if something can't be read or written
 */
export async function commitWork(
  place: WorkPlace,
  request: CommitWorkRequest,
): Promise<CommitId | undefined> {
  const { workspace, exit, last } = request;
  const { git } = place.mirror;
  const tip = workspace.branch === undefined ? null : await readRef(git, `refs/heads/${workspace.branch}`);
  const captured = await captureAt(place, workspace, tip);
  if (captured === undefined) return commitSnapshot(place, request, tip);
  if (exit === undefined) {
    if (last === undefined) {
      if (await isUntouched(git, captured, workspace)) return undefined;
    } else if (await isSameState(git, last, captured)) return last;
  }
  const onBranch = captured.branch !== undefined && captured.branch === workspace.branch;
  const merge = await place.provider.leftMerge(workspace);
  const note = noteOf(request, { onBranch, tip, merge });
  return writeSnapshot(git, captured, {
    ...{ runId: request.attempt.runId, taskId: request.attempt.taskId },
    ...{ reason: reasonOf(request), takenAt: request.takenAt ?? Date.now() },
    trailers: { [TRAILER]: note },
  });
}

async function isUntouched(git: Git, captured: Captured, { base }: Workspace): Promise<boolean> {
  return captured.head === base && captured.commits.length === 0 && (await isClean(git, captured));
}

/** `undefined` if git can't work in it any more. */
async function captureAt(
  { mirror, stateDir }: WorkPlace,
  workspace: Workspace,
  tip: CommitId | null,
): Promise<Captured | undefined> {
  const { git, commonDir } = mirror;
  const there = await openWorktree({ git, commonDir, stateDir }, workspace).catch((error: unknown) => {
    if (hasCode(error, 'PWT_WORKTREE_BROKEN')) return undefined;
    throw error;
  });
  if (there?.place === undefined) return undefined;
  const { gitDir, workTree } = there.place;
  const place: Place = { git, commonDir, gitDir, workTree, fallbackHead: tip ?? workspace.base };
  return capture(place, tip === null ? [] : [tip]);
}

/** What the provider keeps of a worktree that git can't work in; without it, the branch. */
async function commitSnapshot(
  { mirror: { git }, provider }: WorkPlace,
  request: CommitWorkRequest,
  tip: CommitId | null,
): Promise<CommitId> {
  const { workspace, attempt } = request;
  const snapshot = await provider.snapshot({ workspace, reason: reasonOf(request) });
  const head = tip ?? workspace.base;
  const tree = await requireTree(git, snapshot?.commit ?? head);
  const shape = snapshot === undefined ? null : await readCommitObject(objectsOf(git), snapshot.commit);
  const note = noteOf(request, { onBranch: true, tip: null });
  const who = { ...fallbackIdentity, date: new Date(request.takenAt ?? Date.now()) };
  const trailers = [
    `Pwt-Run: ${attempt.runId}`,
    `Pwt-Task: ${attempt.taskId}`,
    `Pwt-Reason: ${reasonOf(request)}`,
  ];
  const message = `pwt: task ${attempt.taskId}, ${reasonOf(request)}\n\n${[...trailers, `Pwt-${TRAILER}: ${note}`].join('\n')}\n`;
  const parents = shape?.parents ?? [head];
  return commitTree(git, { tree, parents, message, author: who, committer: who });
}

function noteOf(
  { attempt: { runId, taskId, number }, exit }: CommitWorkRequest,
  {
    onBranch,
    tip,
    merge,
  }: {
    readonly onBranch: boolean;
    readonly tip: CommitId | null;
    readonly merge?: PreparedMerge | undefined;
  },
): string {
  const note: WorkNote = {
    attempt: { runId, taskId, number },
    onBranch,
    ...defined({ exit, tip: onBranch ? undefined : (tip ?? undefined), merge }),
  };
  return formatNote(note);
}

function reasonOf({ attempt, exit }: CommitWorkRequest): string {
  return `attempt ${attempt.number}${exit === undefined ? ', unfinished' : ''}`;
}

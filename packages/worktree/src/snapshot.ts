import { lstat, realpath } from 'node:fs/promises';
import type { CommitId, Snapshot } from '@pwt/core';
import {
  capture,
  type Git,
  isClean,
  isSameState,
  keepSnapshot,
  listIgnored,
  listSnapshots,
  type Place,
  writeSnapshot,
} from '@pwt/git';
import type { ProviderContext } from './context.js';
import { branchTip } from './discard.js';
import { findMarkedGitDir, registeredPath } from './evidence.js';
import type { WorktreeRecord } from './records.js';
import type { TrashEntry } from './trash.js';

export interface TakeSnapshotRequest {
  readonly reason: string;
  /** Where commits are safe. */
  readonly safeIn: readonly (CommitId | null | undefined)[];
  /** Where the directory is now, if it was moved out of its place. */
  readonly trashed?: TrashEntry;
}

/**
 * Keeps the state of a task's worktree under `refs/pwt/<run>/snapshots/<task>/<n>`, in the shape of a stash; see
 * `writeSnapshot` of `@pwt/git`. A state that is kept already is not kept again.
 *
 * It uses the record: whatever an agent has put in the place of `.git` is not followed, and where `.git` or git's
 * registration is gone, files and branch are kept.
 *
 * @returns `undefined` if nothing is uncommitted and every commit is safe
 * @throws PWT_GIT_FAILED if something can't be kept; nothing may then be removed
 */
export async function takeSnapshot(
  context: ProviderContext,
  record: WorktreeRecord,
  { reason, safeIn, trashed }: TakeSnapshotRequest,
): Promise<Snapshot | undefined> {
  const { git, now } = context;
  const { runId, id, taskId = id } = record.workspace;
  const tip = await branchTip(context, record);
  const place = await placeOf(context, record, tip, trashed);
  if (place === null) return undefined;
  const captured = await capture(place, tip === null ? [] : [tip]);
  const safe = safeIn.filter((commit) => typeof commit === 'string');
  if ((await isClean(git, captured)) && (await areSafe(git, [captured.head, tip], safe))) return undefined;
  const known = (await listSnapshots(git, runId)).filter((entry) => entry.taskId === taskId);
  const last = known.sort((a, b) => a.number - b.number).at(-1);
  if (last !== undefined && (await isSameState(git, last.commit, captured))) return last;
  const note = { runId, taskId, reason, takenAt: now() };
  return keepSnapshot(git, await writeSnapshot(git, captured, note), note, last?.number ?? 0);
}

/** Ignored files of a worktree in the trash, and as one entry each folder that is ignored as a whole. */
export async function ignoredFiles(
  context: ProviderContext,
  record: WorktreeRecord,
  trashed: TrashEntry,
): Promise<string[]> {
  const place = await placeOf(context, record, null, trashed);
  return place === null ? [] : listIgnored(place);
}

/** `null` if neither files nor git directory are there, or what is there is another repository's. */
async function placeOf(
  { git, commonDir }: ProviderContext,
  { mark, workspace }: WorktreeRecord,
  tip: CommitId | null,
  trashed: TrashEntry | undefined,
): Promise<Place | null> {
  const marked = await findMarkedGitDir(commonDir, mark);
  const gitDir = marked === undefined ? null : await realpath(marked);
  const path = trashed?.path ?? workspace.path;
  const isOurs =
    gitDir === null
      ? !(await isDirectory(`${path}/.git`))
      : (await registeredPath(gitDir)) === workspace.path;
  const workTree = isOurs && (await isDirectory(path)) ? await realpath(path) : null;
  if (gitDir === null && workTree === null) return null;
  return {
    ...{ git, commonDir: await realpath(commonDir), gitDir, workTree },
    fallbackHead: tip ?? workspace.base,
    ...(trashed === undefined ? {} : { origin: trashed.from }),
  };
}

async function areSafe(
  git: Git,
  commits: readonly (CommitId | null)[],
  safeIn: readonly CommitId[],
): Promise<boolean> {
  const wanted = commits.filter((commit) => commit !== null);
  if (wanted.length === 0) return true;
  const loose = await git.text(['rev-list', '--count', ...wanted, '--not', ...safeIn]);
  return loose === '0';
}

function isDirectory(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isDirectory(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

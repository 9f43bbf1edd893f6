import { PwtError } from '@pwt/core';
import {
  type ChangedFile,
  changedFiles,
  listSnapshots,
  readSnapshot,
  type SnapshotEntry,
  type SnapshotParts,
} from '@pwt/git';
import type { Project } from '../../project/project.js';
import type { OperationContext } from '../operation-context.js';
import { selectTasks } from '../plan/select-tasks.js';

/** A snapshot with what is in it. */
export interface SnapshotView extends SnapshotEntry, Pick<SnapshotParts, 'head' | 'commits'> {
  /** How its files differ from the commit that was checked out. */
  readonly changes: readonly Pick<ChangedFile, 'status' | 'path' | 'from'>[];
  /** Paths that were staged as something else than what lay in the worktree. */
  readonly stagedApart: readonly string[];
  /** Conflicts, repositories inside or an operation in progress are kept with it. */
  readonly hasMore: boolean;
}

export interface SnapshotsRequest {
  /** As a user types them. @default all */
  readonly taskIds?: readonly string[];
  /** @default all runs */
  readonly runId?: string;
}

/**
 * The snapshots that there are, the newest first: of every run, also of those whose log is gone, because what is kept
 * is said by the refs alone.
 *
 * @throws PwtError `PWT_SNAPSHOT_UNKNOWN` if tasks are named and one of them has none, `PWT_RUN_UNKNOWN` if a run is
 *   named of which there is neither a snapshot nor a log
 */
export async function findSnapshots(
  context: OperationContext,
  { taskIds = [], runId }: SnapshotsRequest = {},
): Promise<SnapshotEntry[]> {
  const { project, runs } = context;
  const select =
    taskIds.length === 0
      ? undefined
      : await selectTasks(context, taskIds, 'See which snapshots there are: pwt restore');
  const all = (await listSnapshots(project.git)).filter(
    (entry) => runId === undefined || entry.runId === runId,
  );
  if (all.length === 0 && runId !== undefined) await runs.readable(runId);
  const newestFirst = all.reverse();
  if (select === undefined) return newestFirst;
  const latest = runId === undefined ? await runs.latest() : undefined;
  const ids = select([
    ...newestFirst.map(({ taskId }) => ({ id: taskId })),
    ...[...(latest?.tasks.values() ?? [])].map(({ task }) => task),
  ]);
  for (const id of ids) if (!newestFirst.some(({ taskId }) => taskId === id)) throw noSnapshot(id, runId);
  return newestFirst.filter(({ taskId }) => ids.includes(taskId));
}

/** Looks into a snapshot. */
export async function viewSnapshot(
  { git }: Pick<Project, 'git'>,
  entry: SnapshotEntry,
): Promise<SnapshotView> {
  const { head, tree, staged, extra, commits } = await readSnapshot(git, entry.commit);
  const changes = await changedFiles(git, { from: head, to: tree });
  const between = tree === staged ? [] : await changedFiles(git, { from: tree, to: staged });
  const wasChanged = new Set((await changedFiles(git, { from: head, to: staged })).map(({ path }) => path));
  return {
    ...entry,
    head,
    commits,
    changes: changes.map(({ status, path, from }) => ({ status, path, from })),
    stagedApart: between.map(({ path }) => path).filter((path) => wasChanged.has(path)),
    hasMore: extra !== null && (await git.text(['ls-tree', extra])) !== '',
  };
}

function noSnapshot(id: string, runId: string | undefined): PwtError {
  const where = runId === undefined ? '' : ` in run ${runId}`;
  return new PwtError('PWT_SNAPSHOT_UNKNOWN', `There is no snapshot of task ${id}${where}.`, {
    hint: 'What it has committed is on its branch, and its worktree is still there: pwt status. All snapshots: pwt restore',
    data: { taskId: id, runId: runId ?? null },
  });
}

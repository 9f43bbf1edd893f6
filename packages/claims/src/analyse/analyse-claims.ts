import type { TaskClaims, TrackedPaths } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import { ClaimTable } from '../claim-table.js';
import { conflictsOfTask } from './conflicts-of-task.js';
import { filesOfTask } from './files-of-task.js';
import { type HotFile, hotFilesOf } from './hot-file.js';
import type { TaskConflict } from './task-conflict.js';

/** Above this many tasks, lists of pairs are too long to read. */
export const MOST_PAIR_TASKS: number = 500;

export interface AnalyseRequest {
  readonly claims: readonly TaskClaims[];
  /** A table of the same claims, so that they are not compared again. @default made from {@link claims} */
  readonly table?: ClaimTable;
  readonly tree: TrackedPaths;
  /** Above this many tasks no pairs are listed. @default 500 */
  readonly maxPairTasks?: number;
}

export interface ClaimAnalysis {
  /** The files that each task claims to change: files of the tree and new ones. A pattern that matches very many files, or none, is listed itself. */
  readonly taskFileMap: Readonly<Record<string, readonly string[]>>;
  /** False if there are too many tasks to list pairs: then the three lists below are empty; see {@link conflictsOf}. */
  readonly pairsListed: boolean;
  readonly conflicts: readonly TaskConflict[];
  readonly possible: readonly TaskConflict[];
  /** Pairs of tasks that may run at the same time. */
  readonly independentPairs: readonly (readonly [string, string])[];
  /** The hot files, those of the most tasks first. Also listed for many tasks: their number is linear. */
  readonly hotFiles: readonly HotFile[];
  /** All conflicts and possible conflicts of one task, which is the first of each pair. Computed on each call. */
  conflictsOf(taskId: string): readonly TaskConflict[];
}

/**
 * Says which tasks can run at the same time, and why the others can't. Pure. O(claims + listed pairs).
 *
 * @throws PwtError for a claim whose pattern can't be parsed.
 */
export function analyseClaims({
  claims,
  table = ClaimTable.of(claims),
  tree: tracked,
  maxPairTasks = MOST_PAIR_TASKS,
}: AnalyseRequest): ClaimAnalysis {
  const tree = FileTree.of(tracked);
  const pairsListed = claims.length <= maxPairTasks;
  const place = new Map(claims.map(({ taskId }, at) => [taskId, at]));
  const placeOf = (taskId: string) => place.get(taskId) ?? 0;
  const found = pairsListed
    ? claims.flatMap(({ taskId }, at) =>
        conflictsOfTask(table, taskId, tree, (other) => placeOf(other) > at).toSorted(
          (a, b) => placeOf(a.tasks[1]) - placeOf(b.tasks[1]),
        ),
      )
    : [];
  return {
    taskFileMap: Object.fromEntries(
      claims.map(({ taskId, claims: own }) => [taskId, filesOfTask(own, tree)]),
    ),
    pairsListed,
    conflicts: found.filter(({ relation }) => relation === 'conflict'),
    possible: found.filter(({ relation }) => relation === 'possible'),
    independentPairs: pairsListed ? independentPairs([...place.keys()], found) : [],
    hotFiles: hotFilesOf(table, [...place.keys()]),
    conflictsOf: (taskId) => conflictsOfTask(table, taskId, tree),
  };
}

function independentPairs(
  taskIds: readonly string[],
  conflicts: readonly TaskConflict[],
): readonly (readonly [string, string])[] {
  const met = new Set(conflicts.map(({ tasks }) => tasks.join('\0')));
  return taskIds.flatMap((a, at) =>
    taskIds.slice(at + 1).flatMap((b) => (met.has(`${a}\0${b}`) ? [] : [[a, b] as const])),
  );
}

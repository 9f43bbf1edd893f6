import type { FileTree, TaskClaims } from '@pwt/core';
import { ClaimBoard, type ContestedFile, type TaskConflict } from './claim-board.js';

/** Above this many tasks, lists of pairs are longer than anybody reads. */
export const MOST_PAIR_TASKS: number = 500;

export interface AnalyseRequest {
  readonly claims: readonly TaskClaims[];
  readonly tree: FileTree;
  /** Above this many tasks no pairs are listed. @default 500 */
  readonly maxPairTasks?: number;
}

export interface ClaimAnalysis {
  /** Per task the files that it will change: files of the tree and new ones; a pattern stands where it matches very many or none. */
  readonly taskFileMap: Readonly<Record<string, readonly string[]>>;
  /** False if there are too many tasks to list pairs: then the three lists below are empty; see {@link conflictsOf}. */
  readonly pairsListed: boolean;
  readonly conflicts: readonly TaskConflict[];
  readonly possible: readonly TaskConflict[];
  /** Pairs of tasks with nothing against running them at the same time. */
  readonly independentPairs: readonly (readonly [string, string])[];
  /** Paths with conflicting claims of two tasks or more, the most wanted first. Linear, whatever the number of tasks. */
  readonly hotFiles: readonly ContestedFile[];
  /** All tasks that one task conflicts or possibly conflicts with; computed on demand. The given task is the first of each pair. */
  conflictsOf(taskId: string): readonly TaskConflict[];
}

/**
 * Says which tasks can run at the same time, and why the others can't. Pure.
 *
 * Tasks that claim nothing together cost nothing: O(claims + listed pairs).
 *
 * @throws PwtError for a claim whose pattern can't be parsed.
 */
export function analyseClaims({
  claims,
  tree,
  maxPairTasks = MOST_PAIR_TASKS,
}: AnalyseRequest): ClaimAnalysis {
  const board = new ClaimBoard(tree);
  const byTask = new Map(claims.map((entry) => [entry.taskId, entry.claims]));
  const order = new Map([...byTask.keys()].map((taskId, at) => [taskId, at]));
  const pairsListed = byTask.size <= maxPairTasks;
  const conflicts: TaskConflict[] = [];
  for (const [taskId, own] of byTask) {
    // Asked before it is added, so that each pair is found once, by its later task.
    if (pairsListed) conflicts.push(...board.against(taskId, own).map(swap));
    board.set(taskId, own);
  }
  const place = (taskId: string) => order.get(taskId) ?? 0;
  conflicts.sort((a, b) => place(a.tasks[0]) - place(b.tasks[0]) || place(a.tasks[1]) - place(b.tasks[1]));
  return {
    taskFileMap: Object.fromEntries([...byTask.keys()].map((taskId) => [taskId, board.filesOf(taskId)])),
    pairsListed,
    conflicts: conflicts.filter(({ verdict }) => verdict === 'conflict'),
    possible: conflicts.filter(({ verdict }) => verdict === 'possible'),
    independentPairs: pairsListed ? independentPairs([...byTask.keys()], conflicts) : [],
    hotFiles: board.hotFiles(order),
    conflictsOf: (taskId) => board.conflictsOf(taskId),
  };
}

function swap(conflict: TaskConflict): TaskConflict {
  const [mine, theirs] = conflict.tasks;
  return { ...conflict, tasks: [theirs, mine], mine: conflict.theirs, theirs: conflict.mine };
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

import type { Claim, FileTree, TaskClaims } from '@pwt/core';
import { type ClaimConflict, ClaimIndex, type FileTree as IndexedTree, type MeetingKind } from '@pwt/scope';
import { treeIndexOf } from '../paths/tree-index.js';
import { filesOfTask } from './files-of-task.js';
import { sharedPaths } from './shared-paths.js';

/** Two tasks whose claims meet, with the first reason in full. */
export interface TaskConflict {
  /** In the order of the request. */
  readonly tasks: readonly [string, string];
  /** `possible`: only a claim that is itself merely possible, or a read beside a write. */
  readonly verdict: 'conflict' | 'possible';
  /** Paths that both touch; files of the tree where there are any, else the witnesses. At most 50. */
  readonly paths: readonly string[];
  /** A path that {@link mine} and {@link theirs} both match. */
  readonly witness: string;
  readonly kind: MeetingKind;
  /** The claim of the first task. */
  readonly mine: Claim;
  /** The claim of the second task. */
  readonly theirs: Claim;
}

/** A path that keeps several tasks apart. */
export interface ContestedFile {
  readonly path: string;
  /** In the order of the request. */
  readonly tasks: readonly string[];
}

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
export function analyseClaims({ claims, tree, maxPairTasks = 500 }: AnalyseRequest): ClaimAnalysis {
  const indexed = treeIndexOf(tree);
  const { files } = indexed;
  const index = new ClaimIndex();
  const byTask = new Map(claims.map((entry) => [entry.taskId, entry.claims]));
  const order = new Map([...byTask.keys()].map((taskId, at) => [taskId, at]));
  const pairsListed = byTask.size <= maxPairTasks;
  const conflicts: TaskConflict[] = [];
  for (const [taskId, own] of byTask) {
    // Asked before it is added, so that each pair is found once, by its later task.
    if (pairsListed) conflicts.push(...against(index, taskId, own, files).map(swap));
    index.add(taskId, own);
  }
  const place = (taskId: string) => order.get(taskId) ?? 0;
  conflicts.sort((a, b) => place(a.tasks[0]) - place(b.tasks[0]) || place(a.tasks[1]) - place(b.tasks[1]));
  return {
    taskFileMap: Object.fromEntries([...byTask].map(([taskId, own]) => [taskId, filesOfTask(own, indexed)])),
    pairsListed,
    conflicts: conflicts.filter(({ verdict }) => verdict === 'conflict'),
    possible: conflicts.filter(({ verdict }) => verdict === 'possible'),
    independentPairs: pairsListed ? independentPairs([...byTask.keys()], conflicts) : [],
    hotFiles: index.hotFiles().map(({ path, claimants }) => ({
      path,
      tasks: [...new Set([...claimants].map(({ taskId }) => taskId))].sort((a, b) => place(a) - place(b)),
    })),
    conflictsOf: (taskId) => against(index, taskId, byTask.get(taskId) ?? [], files),
  };
}

/** What one task has against those in the index: per other task its gravest reason, with all shared paths. */
function against(
  index: ClaimIndex,
  taskId: string,
  own: readonly Claim[],
  files: IndexedTree,
): TaskConflict[] {
  const reasons = new Map<string, ClaimConflict[]>();
  for (const reason of index.conflictsWith(own, { except: taskId })) {
    const known = reasons.get(reason.taskId);
    if (known) known.push(reason);
    else reasons.set(reason.taskId, [reason]);
  }
  return [...reasons].map(([other, all]) => {
    const grave = all.filter(({ relation }) => relation === 'conflict');
    const counted = grave.length > 0 ? grave : all;
    const [first] = counted as [(typeof counted)[number]];
    return {
      tasks: [taskId, other],
      verdict: first.relation,
      paths: sharedPaths(counted, files),
      witness: first.witness,
      kind: first.kind,
      mine: first.mine,
      theirs: first.theirs,
    };
  });
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

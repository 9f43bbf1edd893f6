import { classOf } from '@pwt/claims';
import type { ChangedPath, RunEvent, Task, TaskClaims } from '@pwt/core';
import type { EvidenceTree } from './evidence-tree.js';
import type { PairObservation } from './fit-intercept.js';
import { taskEvidence } from './task-evidence.js';

export interface ObserveRunsOptions {
  /** The paths that exist now; those at the time of the run are not recorded. */
  readonly tree: EvidenceTree;
  /** Only this many tasks of each run count, the latest: the number of pairs is quadratic. @default 200 */
  readonly maxTasks?: number;
}

interface DoneTask {
  readonly task: Task;
  readonly claims: TaskClaims;
  readonly touched: ReadonlySet<string>;
}

/**
 * The pairs of tasks in the journals of earlier runs, with whether both changed a common file. Only tasks of the same run
 * that both delivered work are paired. Pure.
 *
 * Takes the events of any number of runs. Changes of changelogs, lockfiles and snapshots don't count, because they
 * can be joined; of a task that was done more than once, the last time counts.
 */
export function observeRuns(
  events: Iterable<RunEvent>,
  { tree, maxTasks = 200 }: ObserveRunsOptions,
): readonly PairObservation[] {
  return [...doneTasks(events).values()].flatMap((done) =>
    pairsOf([...done.values()].slice(-maxTasks), tree),
  );
}

function doneTasks(events: Iterable<RunEvent>): ReadonlyMap<string, ReadonlyMap<string, DoneTask>> {
  const planned = new Map<string, { readonly task: Task; readonly claims: TaskClaims }>();
  const runs = new Map<string, Map<string, DoneTask>>();
  for (const event of events) {
    const key = `${event.runId}\0${event.taskId}`;
    if (event.type === 'task-planned') planned.set(key, event);
    if (event.type !== 'work-collected') continue;
    const plan = planned.get(key);
    if (!plan) continue;
    const run = runs.get(event.runId) ?? new Map<string, DoneTask>();
    runs.set(event.runId, run);
    run.delete(event.taskId);
    run.set(event.taskId, { task: plan.task, claims: plan.claims, touched: touchedBy(event.changes) });
  }
  return runs;
}

/** Both ends of a rename; without files that can be joined. */
function touchedBy(changes: readonly ChangedPath[]): ReadonlySet<string> {
  const paths = changes.flatMap(({ path, from, kind }) =>
    from !== undefined && kind === 'renamed' ? [path, from] : [path],
  );
  return new Set(paths.filter((path) => classOf(path) === 'exclusive'));
}

function pairsOf(done: readonly DoneTask[], tree: EvidenceTree): readonly PairObservation[] {
  const known = done.map(({ task, claims, touched }) => ({
    touched,
    evidence: taskEvidence(task, claims, tree),
  }));
  return known.flatMap((a, at) =>
    known.slice(at + 1).map((b) => ({
      a: a.evidence,
      b: b.evidence,
      overlapped: [...a.touched].some((path) => b.touched.has(path)),
    })),
  );
}

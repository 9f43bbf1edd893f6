import {
  type AgentUsage,
  type CommitId,
  type ConflictedPath,
  type DeclinedLanding,
  type Diagnostic,
  defined,
  type Finding,
  hasOwnCommit,
  isReviewed,
  type RunState,
  type RunSummary,
  statusOf,
  summarise,
  type TakenSnapshot,
  type TaskOutcome,
  type TaskState,
  type TaskStatus,
  taskOutcomeStatuses,
} from '@pwt/core';
import type { NextStep } from '../status/next-step.js';
import { nextSteps } from '../status/next-steps.js';
import type { ReadRun } from '../status/read-run.js';

/** What became of one task's work when it was joined with the rest. */
export interface MergeResult {
  readonly taskId: string;
  readonly status: 'landed' | 'integrated' | 'ready' | 'conflicted' | 'gate-failed';
  /** The integration commit that brought the work in; absent if the task needed no change. */
  readonly commit?: CommitId;
  /** The files in conflict. */
  readonly paths?: readonly ConflictedPath[];
}

/** A task that did not run, and why. */
export interface NotRun {
  readonly taskId: string;
  readonly reason: string;
}

/** What became of a task; one that has not ended has the status that `pwt status` gives it. */
export type TaskResult = Omit<TaskOutcome, 'status'> & { readonly status: TaskStatus };

/** What a run has come to. */
export interface RunResult {
  /** Absent when there was nothing to do. */
  readonly runId?: string;
  /**
   * True if every task landed, is ready for a person who decides on it, or was integrated where landing is off, every spec could be read, and no finding is an
   * open error, as one is where the target or a checkout no longer has what landed.
   */
  readonly success: boolean;
  /** True if the run was stopped before its end; `resume` goes on with it. */
  readonly interrupted: boolean;
  /** Why the run has stopped by itself with tasks left; absent where it has not. */
  readonly halted?: 'agents' | 'budget';
  /** What all agents of the run have used, as far as they tell. */
  readonly usage?: AgentUsage;
  readonly tasks: readonly TaskResult[];
  /** How many tasks have each status; every way to end is in it, and of the others those that a task has. */
  readonly totals?: Readonly<Partial<Record<TaskStatus, number>>>;
  /** Ids of the tasks whose work is in. */
  readonly completed: readonly string[];
  /** Ids of the tasks that ran and whose work is not in. */
  readonly failed: readonly string[];
  readonly notRun: readonly NotRun[];
  readonly mergeResults: readonly MergeResult[];
  readonly target?: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What the user should know of. */
  readonly findings: readonly Finding[];
  /** What tasks have left uncommitted, or in workspaces that were removed; `restore` restores it. */
  readonly snapshots: readonly TakenSnapshot[];
  /** What was chosen to land, and why it did not; absent where the last choice has landed. */
  readonly declined?: DeclinedLanding;
  /** What to do next, the first thing first. */
  readonly next: readonly NextStep[];
  readonly durationMs: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

const COMPLETED: ReadonlySet<string> = new Set(['landed', 'integrated', 'ready']);
/** Rejected, and its agent has had its turn. */
const FAILED: ReadonlySet<string> = new Set(
  taskOutcomeStatuses.filter(
    (status) => !COMPLETED.has(status) && status !== 'skipped' && status !== 'cancelled',
  ),
);

/**
 * Puts a run's state and summary into the form that callers get. Pure.
 *
 * @param named for a run that is not the newest: commands have to name it
 * @param active while a process drives it
 */
export function toRunResult(state: RunState, summary: RunSummary, named = false, active = false): RunResult {
  const { success, usage } = summary;
  const tasks = summary.tasks.map((task) => taskResult(task, state));
  const interrupted = !active && state.status !== 'finished';
  // Until its last event, as whoever reads the log later finds it.
  const durationMs = interrupted ? summarise(state).durationMs : summary.durationMs;
  const planned = new Set(tasks.map(({ taskId }) => taskId));
  const unreadable = unreadableSpecs(state.diagnostics).filter(({ taskId }) => !planned.has(taskId));
  const startedAt = state.startedAt ?? 0;
  return {
    runId: state.runId,
    success: success && unreadable.length === 0,
    interrupted,
    tasks,
    totals: totalsOf(tasks),
    completed: tasks.filter(({ status }) => COMPLETED.has(status)).map(({ taskId }) => taskId),
    failed: tasks.filter(({ status }) => FAILED.has(status)).map(({ taskId }) => taskId),
    notRun: [
      ...tasks
        .filter(({ status }) => !COMPLETED.has(status) && !FAILED.has(status))
        .map(({ taskId, reason, status }) => ({ taskId, reason: reason ?? status })),
      ...unreadable,
    ],
    mergeResults: [...state.tasks.values()].flatMap((task) => mergeResultOf(task, state)),
    ...defined({
      target: state.target,
      halted: state.interrupted?.because,
      usage,
      declined: state.declined,
    }),
    diagnostics: state.diagnostics,
    findings: state.findings,
    snapshots: state.snapshots,
    next: nextSteps(state, { active, named }),
    durationMs,
    startedAt: new Date(startedAt),
    finishedAt: new Date(state.finishedAt ?? startedAt + durationMs),
  };
}

function taskResult(outcome: TaskOutcome, state: RunState): TaskResult {
  const task = state.tasks.get(outcome.taskId);
  if (task === undefined || task.outcome !== undefined) return outcome;
  const { dispatchedAt } = task;
  const durationMs =
    dispatchedAt === undefined ? 0 : Math.max(0, (state.lastEventAt ?? dispatchedAt) - dispatchedAt);
  return { ...outcome, status: statusOf(task, state), durationMs };
}

function totalsOf(tasks: readonly TaskResult[]): Partial<Record<TaskStatus, number>> {
  const totals: Partial<Record<TaskStatus, number>> = Object.fromEntries(
    taskOutcomeStatuses.map((status) => [status, 0]),
  );
  for (const { status } of tasks) totals[status] = (totals[status] ?? 0) + 1;
  return totals;
}

/** What a recorded run has come to so far; what `run` has returned, if nothing has happened since. */
export function resultOf({ state, named, active }: ReadRun): RunResult {
  return toRunResult(state, state.summary ?? summarise(state), named, active);
}

/** The result of a run in which there was nothing to do. */
export function emptyRunResult(diagnostics: readonly Diagnostic[], now: Date): RunResult {
  const notRun = unreadableSpecs(diagnostics);
  return {
    success: notRun.length === 0,
    interrupted: false,
    tasks: [],
    completed: [],
    failed: [],
    notRun,
    mergeResults: [],
    diagnostics,
    findings: [],
    snapshots: [],
    next: [],
    durationMs: 0,
    startedAt: now,
    finishedAt: now,
  };
}

/** Specs that could not be used at all: their tasks are not part of the run. */
function unreadableSpecs(diagnostics: readonly Diagnostic[]): NotRun[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ taskIds, path, message }) => ({ taskId: taskIds?.[0] ?? path ?? '', reason: message }));
}

function mergeResultOf(task: TaskState, { options }: RunState): MergeResult[] {
  const taskId = task.task.id;
  const commit = task.phase === 'integrated' && hasOwnCommit(task) ? task.integratedAs : undefined;
  const joined = defined({ commit });
  if (task.outcome === 'integrated')
    return [{ taskId, status: isReviewed(options) ? 'ready' : task.outcome, ...joined }];
  if (task.outcome === 'landed') return [{ taskId, status: task.outcome, ...joined }];
  if (task.outcome === 'conflicted') return [{ taskId, status: 'conflicted', paths: task.conflicts ?? [] }];
  const gateFailed = task.failure?.kind.startsWith('gate-') === true;
  return gateFailed ? [{ taskId, status: 'gate-failed' }] : [];
}

import type { EndedAttempt } from './attempt.js';
import { defined } from './defined.js';
import type { PwtErrorCode } from './error.js';
import type { TaskFigures } from './figures.js';
import { isOpenError } from './finding.js';
import type { AgentUsage, FailureKind } from './launcher.js';
import { noteOf } from './no-change.js';
import { isReviewed } from './options.js';
import type { RunState } from './state.js';
import type { TaskState } from './task-state.js';
import { runUsage, taskUsage } from './usage.js';
import type { CommitId } from './workspace.js';

/**
 * How a task ended. `integrated`: tested and on the integration ref, not (yet) on the target. `ready`: the same in a run whose
 * work a person lands or rejects. `held`: finished by its agent, but a person has to decide. `unchanged`: the agent changed nothing.
 */
export type TaskOutcomeStatus = (typeof taskOutcomeStatuses)[number];

export const taskOutcomeStatuses = [
  'landed',
  'integrated',
  'ready',
  'failed',
  'timed-out',
  'conflicted',
  'held',
  'unchanged',
  'skipped',
  'cancelled',
] as const;

/** The work is integrated. */
export type GoodStatus = 'integrated' | 'landed';

/** The task ended without being integrated. */
export type RejectedStatus = Exclude<TaskOutcomeStatus, GoodStatus | 'ready'>;

/**
 * Why a task was rejected, for programs. About the agent: the failure in its output ({@link FailureKind}), `exit-code`,
 * `signal`, `timed-out`, `idle-timed-out`, `lost`, `stopped`, `budget`, `no-change`. About its work: `conflict`, `gate-red`,
 * `gate-timed-out`, `gate-broken`, `outside-claims`, `not-collected`; `rejected`: a person has looked at it and sends it back.
 * `dependency`: a task that it needs has failed, or is worked on again. `error`: something else
 * failed, with its {@link TaskFailure.code}.
 */
export type TaskFailureKind =
  | FailureKind
  | 'exit-code'
  | 'signal'
  | 'timed-out'
  | 'idle-timed-out'
  | 'lost'
  | 'stopped'
  | 'budget'
  | 'no-change'
  | 'conflict'
  | 'gate-red'
  | 'gate-timed-out'
  | 'gate-broken'
  | 'outside-claims'
  | 'not-collected'
  | 'rejected'
  | 'dependency'
  | 'error';

export interface TaskFailure {
  readonly kind: TaskFailureKind;
  /** In the words of what failed: the agent's, the gate's last line, an error's message. */
  readonly message: string;
  readonly code?: PwtErrorCode;
  /** The other task, if the gate is red only where the work of both is. */
  readonly withTaskId?: string;
  /** The output of the gate that was red. Absolute. */
  readonly logFile?: string;
  /** With `lost`: the machine that is gone with the agent. */
  readonly machine?: string;
}

export interface TaskOutcome {
  readonly taskId: string;
  readonly title: string;
  readonly status: TaskOutcomeStatus;
  /** The same for people and for programs. */
  readonly reason?: string;
  readonly failure?: TaskFailure;
  /** Why the task needed no change, if it is done without one: in its agent's words, or that it was a check. */
  readonly noChange?: string;
  /** Its agent has stated this as the reason why nothing has to be changed, and has changed something all the same. */
  readonly note?: string;
  readonly branch?: string;
  /** The commit that holds the task's work. */
  readonly commit?: CommitId;
  /** The worktree's path, if it is still there; on {@link machine}. */
  readonly worktree?: string;
  /** The machine that its work is on, or was; absent: this machine. */
  readonly machine?: string;
  /** From dispatch to the end; 0 for tasks that never started. */
  readonly durationMs: number;
  /** What was measured; absent in logs of earlier versions. */
  readonly figures?: TaskFigures;
  /** The attempts before the last one; absent if it was the first. */
  readonly attempts?: readonly EndedAttempt[];
  /** What all attempts have used; absent in logs of earlier versions. */
  readonly usage?: AgentUsage;
}

export type RunTotals = Readonly<Record<TaskOutcomeStatus, number>>;

export interface RunSummary {
  /** True if every task landed, is ready, or was integrated with landing off, and no finding is an open error. */
  readonly success: boolean;
  readonly tasks: readonly TaskOutcome[];
  readonly totals: RunTotals;
  readonly durationMs: number;
  /** What all tasks have used; absent in logs of earlier versions. */
  readonly usage?: AgentUsage;
}

/** The summary of a run. Tasks that have not ended count as `cancelled`. */
export function summarise(state: RunState): RunSummary {
  const tasks = [...state.tasks.values()].map((task) => outcomeOf(task, state));
  const totals = Object.fromEntries(taskOutcomeStatuses.map((status) => [status, 0])) as Record<
    TaskOutcomeStatus,
    number
  >;
  for (const task of tasks) totals[task.status] += 1;
  const good = totals.landed + totals.ready + (state.options?.autoMerge === false ? totals.integrated : 0);
  return {
    success: good === tasks.length && !state.findings.some(isOpenError),
    tasks,
    totals,
    durationMs: Math.max(0, (state.lastEventAt ?? 0) - (state.startedAt ?? 0)),
    usage: runUsage(state),
  };
}

function outcomeOf(task: TaskState, { options }: RunState): TaskOutcome {
  const isReady = task.outcome === 'integrated' && isReviewed(options);
  const status = isReady ? 'ready' : (task.outcome ?? 'cancelled');
  const branch = task.workspace?.branch;
  // A task that waits for another attempt has ended for this summary as its last one did.
  const { reason, failure } = task.phase === 'waiting' ? (task.continues?.ending ?? task) : task;
  const worktree = task.workspaceGone ? undefined : task.workspace?.path;
  const { noChange, commit } = task;
  const note = noteOf(task);
  return {
    taskId: task.task.id,
    title: task.task.title,
    status,
    ...defined({ reason, failure, noChange, note, branch, commit, worktree, machine: task.workspace?.host }),
    durationMs: task.dispatchedAt === undefined ? 0 : Math.max(0, (task.endedAt ?? 0) - task.dispatchedAt),
    figures: task.figures,
    ...(task.attempts.length === 0 ? {} : { attempts: task.attempts }),
    usage: taskUsage(task),
  };
}

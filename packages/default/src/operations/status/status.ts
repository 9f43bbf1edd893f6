import {
  type AgentUsage,
  type CommitId,
  type DeclinedLanding,
  defined,
  type EndedAttempt,
  type Finding,
  type GatePurpose,
  type MachineSample,
  noteOf,
  type ReachedCap,
  type ResourceSample,
  type RunState,
  runUsage,
  statusOf,
  type TakenSnapshot,
  type TaskFailure,
  type TaskFigures,
  type TaskSighting,
  type TaskStatus,
  taskUsage,
  type Verdict,
  type WaitingReason,
  type Workspace,
  waitingReason,
} from '@pwt/core';
import type { DamagedRun } from '../../project/run-store.js';
import type { NextStep } from './next-step.js';
import { nextSteps } from './next-steps.js';

/** What one task is doing, as a plain object. */
export interface TaskStatusEntry {
  readonly taskId: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly reason?: string;
  /** Why it needed no change, if it is done without one. */
  readonly noChange?: string;
  /** Its agent has stated this as the reason why nothing has to be changed, and has changed something all the same. */
  readonly note?: string;
  /** The same as {@link reason}, for programs. */
  readonly failure?: TaskFailure;
  /**
   * What the gate has said last with the work of this task in it, alone or with that of others; of an integrated task, what
   * let it through.
   */
  readonly verdict?: Verdict;
  /** What the radar sees in the way of its work; absent for nothing. */
  readonly sighting?: TaskSighting;
  /** Why it waits; absent for one that does not. */
  readonly waitsFor?: WaitingReason;
  /** What the agent said last. */
  readonly activity?: string;
  readonly branch?: string;
  /** On {@link machine}. */
  readonly worktree?: string;
  /** The machine that its work is on, or was; absent: this machine. */
  readonly machine?: string;
  /** Since dispatch, or as long as it took. 0 if it has not started. */
  readonly durationMs: number;
  /** The measured times of its parts, and other figures; of this attempt. */
  readonly figures: TaskFigures;
  /** Counts from 1; 0 if it has not started. */
  readonly attempt: number;
  /** The attempts before this one, the first one first. */
  readonly attempts: readonly EndedAttempt[];
  /** What all attempts have used, as far as their agents tell. */
  readonly usage: AgentUsage;
}

/** A gate that is running. */
export interface GateStatusEntry {
  /** The tasks whose work it tests together; none for the base and for new commits of the target. */
  readonly taskIds: readonly string[];
  readonly purpose: GatePurpose;
  readonly commit: CommitId;
  readonly logFile?: string;
  /** How long it has been running. */
  readonly durationMs: number;
}

/** The status of a repository. */
export interface Status {
  /** The current or last run; absent if there has been none. */
  readonly run?: {
    readonly runId: string;
    readonly status: RunState['status'];
    /** True while a live process drives it. */
    readonly active: boolean;
    readonly target?: string;
    readonly startedAt?: Date;
    readonly finishedAt?: Date;
    /** What all agents have used, as far as they tell. */
    readonly usage: AgentUsage;
    /** The agents with which no task starts for now, by name. Times are in milliseconds since the epoch. */
    readonly agentPauses: RunState['agentPauses'];
    /** A cap of the run or of the day that is reached. */
    readonly capReached?: ReachedCap;
    /** Why the run has stopped before its end. */
    readonly interrupted?: NonNullable<RunState['interrupted']>;
  };
  readonly tasks: readonly TaskStatusEntry[];
  /** The gates that are running; none, if no live process drives the run. */
  readonly gates: readonly GateStatusEntry[];
  /** What the user should know of. */
  readonly findings: readonly Finding[];
  /** What tasks have left uncommitted, or in workspaces that were removed; `restore` restores it. */
  readonly snapshots: readonly TakenSnapshot[];
  /** Runs whose logs can't be read to their end. */
  readonly damagedRuns: readonly {
    readonly runId: string;
    readonly message: string;
    readonly hint?: string;
  }[];
  /** What was chosen to land, and why it did not; absent where the last choice has landed. */
  readonly declined?: DeclinedLanding;
  /** What to do next, the first thing first. */
  readonly next: readonly NextStep[];
  /** Worktrees in which an agent works right now. */
  readonly activeWorkspaces: readonly Workspace[];
  readonly resources: {
    readonly cpuPercent: number;
    readonly memoryPercent: number;
    readonly cpuCount: number;
  };
  /** The machines on which agents work, where that is not this one; as they were recorded, or now where no run goes on. */
  readonly machines?: readonly MachineSample[];
  readonly disk: { readonly availableBytes: number; readonly totalBytes: number };
}

export interface StatusInput {
  readonly state: RunState | undefined;
  readonly active: boolean;
  readonly damaged: readonly DamagedRun[];
  /** True for a run that is not the newest: commands have to name it. */
  readonly named: boolean;
  readonly sample: ResourceSample;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Puts a run's state into the form that callers get. Pure. */
export function toStatus({ state, active, named, damaged, sample, now }: StatusInput): Status {
  const tasks = state ? [...state.tasks.values()] : [];
  return {
    ...(state === undefined ? {} : { run: runOf(state, active) }),
    tasks: tasks.map((task) => {
      const { workspace, activity, reason, failure, verdict, sighting, dispatchedAt, figures } = task;
      const end = task.endedAt ?? (active ? now : (state?.lastEventAt ?? now));
      return {
        taskId: task.task.id,
        title: task.task.title,
        status: statusOf(task, state ?? {}),
        ...defined({ reason, noChange: task.noChange, note: noteOf(task), failure, verdict, sighting }),
        ...defined({
          waitsFor: state && waitingReason(active ? state : over(state), task),
          activity: activity?.text,
          branch: workspace?.branch,
          worktree: task.workspaceGone ? undefined : workspace?.path,
          machine: workspace?.host,
        }),
        durationMs: dispatchedAt === undefined ? 0 : Math.max(0, end - dispatchedAt),
        figures,
        attempt: task.attempt,
        attempts: task.attempts,
        usage: taskUsage(task),
      };
    }),
    gates: (active && state ? state.gating : []).map(({ taskIds, purpose, commit, logFile, startedAt }) => ({
      ...{ taskIds, purpose, commit },
      ...defined({ logFile }),
      durationMs: Math.max(0, now - startedAt),
    })),
    findings: state?.findings ?? [],
    snapshots: state?.snapshots ?? [],
    damagedRuns: damaged.map(({ runId, damage: { message, hint } }) => ({
      runId,
      message,
      ...defined({ hint }),
    })),
    ...defined({ declined: state?.declined }),
    next: state === undefined ? [] : nextSteps(state, { active, named }),
    activeWorkspaces: active
      ? tasks.flatMap((task) => (task.phase === 'running' && task.workspace ? [task.workspace] : []))
      : [],
    resources: {
      cpuPercent: sample.cpuPercent,
      memoryPercent: sample.memoryPercent,
      cpuCount: sample.cpuCount,
    },
    ...defined({ machines: sample.machines }),
    disk: { availableBytes: sample.diskAvailableBytes, totalBytes: sample.diskTotalBytes },
  };
}

/** A run whose log says that it is running, but without a live process, starts nothing. */
function over(state: RunState): RunState {
  return state.status === 'running' ? { ...state, status: 'interrupted' } : state;
}

function runOf(state: RunState, active: boolean): NonNullable<Status['run']> {
  const { runId, target, startedAt, finishedAt } = state;
  return {
    runId,
    // A run whose log says that it is running, but without a live process, has crashed: it waits for `resume`.
    status: state.status === 'running' && !active ? 'interrupted' : state.status,
    active,
    usage: runUsage(state),
    agentPauses: state.agentPauses,
    ...defined({ capReached: state.capReached, interrupted: state.interrupted, target }),
    ...(startedAt === undefined ? {} : { startedAt: new Date(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: new Date(finishedAt) }),
  };
}

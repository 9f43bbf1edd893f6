import type { ReachedCap } from './budget.js';
import type { Diagnostic } from './diagnostic.js';
import type { GatedState, JoinedTask } from './event.js';
import type { Finding } from './finding.js';
import type { Verdict } from './gate.js';
import type { AgentFailure } from './launcher.js';
import type { LandOutcome } from './merger.js';
import { isReviewed, type RunOptions } from './options.js';
import type { ResourceSample } from './resources.js';
import type { ChosenLanding, DeclinedLanding, PullRequest, TakenRequest } from './review.js';
import type { RunSummary, TaskOutcomeStatus } from './summary.js';
import type { TaskPhase, TaskState } from './task-state.js';
import type { CommitId, Snapshot } from './workspace.js';

/** A task's status as it is shown to people: its outcome, or what is being done now. */
export type TaskStatus = TaskOutcomeStatus | 'waiting' | 'preparing' | 'running' | 'integrating';

/** A snapshot that was taken in a run. */
export interface TakenSnapshot extends Snapshot {
  readonly taskId: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a gate has said. */
export interface GateAnswer {
  readonly verdict: Verdict;
  /** Of the gate; absent for one without, and in logs of earlier versions. */
  readonly fingerprint?: string;
  /** The gate's output; absent if it was not run in this run. */
  readonly logFile?: string;
}

/** Why no task starts with an agent. Times are in milliseconds since the epoch. */
export interface AgentPause {
  readonly failure: AgentFailure;
  readonly count: number;
  readonly since: number;
  readonly until?: number;
  readonly by: { readonly taskId: string; readonly attempt: number };
}

/** A gate that is running. */
export interface RunningGate extends GatedState {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly logFile?: string;
}

/** The state of a run, derived from its log alone. */
interface RunFacts {
  readonly runId: string;
  readonly tasks: ReadonlyMap<string, TaskState>;
  readonly order: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** All findings, in the order in which they were found; each once. */
  readonly findings: readonly Finding[];
  /** All snapshots, the oldest first. */
  readonly snapshots: readonly TakenSnapshot[];
  /** The gates that are running, in the order in which they were started. */
  readonly gating: readonly RunningGate[];
  /** The last verdict of this run's gate on a commit, and on a tree, by its id. */
  readonly verdicts: ReadonlyMap<string, GateAnswer>;
  /** A move of the integration ref that is intended, or made and not recorded in full. */
  readonly advancing?: {
    readonly from: CommitId;
    readonly to: CommitId;
    readonly tasks: readonly JoinedTask[];
  };
  /** A tip of the target that is being merged into the integration ref. */
  readonly joining?: CommitId;
  /** The tip of the integration ref that was given up for another start of it. */
  readonly replaced?: CommitId;
  readonly landing?: {
    readonly from: CommitId;
    readonly to: CommitId;
    readonly tasks?: readonly JoinedTask[];
  };
  /** What a person has chosen to land, until it has landed or is declined. */
  readonly chosen?: ChosenLanding;
  /** The last choice, if it did not land. */
  readonly declined?: DeclinedLanding;
  /** What people have asked of the run while it went on. Absent without any. */
  readonly requests?: readonly TakenRequest[];
  /** The pull requests of the run, and those on their way. Absent without any. */
  readonly pullRequests?: readonly PullRequest[];
  /** Chosen work has landed as this commit: the integration ref has to start again from it. */
  readonly restartFrom?: CommitId;
  readonly landRefused?: LandOutcome;
  /** Why the last landing was refused; absent after a landing, and in a resumed run. */
  readonly landingBlocked?: Diagnostic;
  readonly resources?: ResourceSample;
  readonly paused?: string;
  /** The agents with which no task starts for now, by name. */
  readonly agentPauses: Readonly<Record<string, AgentPause>>;
  /** How long agents are expected to work, by task, as far as earlier runs tell. */
  readonly expectedMs?: Readonly<Record<string, number>>;
  /** The run was told to stop, and how; it has not ended yet. */
  readonly stopping?: 'drain' | 'now';
  /** The sequence number of the last event by which tasks may have become blocked, or free. */
  readonly movedAt?: number;
  /** The sequence number of the last event that told of waiting tasks that no agent can work. */
  readonly heldAt?: number;
  /** The sequence number of the last event after which what blocks each waiting task was on record. */
  readonly explainedAt?: number;
  /** Why the run has stopped before its end; absent while it goes on. */
  readonly interrupted?: { readonly reason: string; readonly because?: 'agents' | 'budget' };
  /** A cap of the run or of the day that this process has found reached. */
  readonly capReached?: ReachedCap;
  readonly finishedAt?: number;
  readonly lastEventAt?: number;
  /** The sequence number of the last event. */
  readonly seq: number;
  readonly summary?: RunSummary;
}

/** What a run is given when it starts, and the commits that follow from it. */
interface StartFacts {
  readonly target: string;
  readonly base: CommitId;
  readonly options: RunOptions;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The tip of the integration ref. */
  readonly integration: CommitId;
  /** The last tip of the target that this run knows: it has put it there, or merged it. */
  readonly landedTip: CommitId;
  readonly startedAt: number;
  /** When it was resumed the last time. */
  readonly resumedAt?: number;
}

/** A run that has started. */
export interface StartedRun extends RunFacts, StartFacts {
  readonly status: 'running' | 'interrupted' | 'finished';
}

/** A run without events. */
export type EmptyRun = RunFacts & { readonly [F in keyof StartFacts]?: never } & {
  readonly status: 'empty';
};

export type RunState = EmptyRun | StartedRun;

const preparing: ReadonlySet<TaskPhase> = new Set(['dispatched', 'prepared', 'launching']);

/**
 * The status of a task for people.
 *
 * @param run whose task it is: what is tested there may be `ready`, since a person decides whether it lands
 */
export function statusOf(task: TaskState, run: Pick<RunState, 'options'>): TaskStatus {
  if (task.outcome === 'integrated' && isReviewed(run.options)) return 'ready';
  if (task.outcome) return task.outcome;
  if (task.phase === 'waiting') return 'waiting';
  if (preparing.has(task.phase)) return 'preparing';
  return task.phase === 'running' ? 'running' : 'integrating';
}

/** True from dispatch until the work is integrated or rejected: the time in which it holds its claims. */
export function holdsClaims(task: TaskState): boolean {
  return task.phase !== 'waiting' && task.outcome === undefined;
}

/** True from dispatch until the agent has exited. */
export function occupiesSlot(task: TaskState): boolean {
  return preparing.has(task.phase) || task.phase === 'running';
}

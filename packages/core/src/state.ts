import type { Claim } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { Blocker } from './event.js';
import type { Finding } from './finding.js';
import type { Verdict } from './gate.js';
import type { AgentActivity, AgentExit } from './launcher.js';
import type { ConflictedPath, LandOutcome } from './merger.js';
import type { RunOptions } from './options.js';
import type { ResourceSample } from './resources.js';
import type { RunSummary, TaskFailure, TaskOutcomeStatus } from './summary.js';
import type { Task } from './task.js';
import type { ChangedPath, CommitId, RemoveOutcome, SetupReport, Snapshot, Workspace } from './workspace.js';

/** How far a task has come. Each phase names the last thing that is known to have happened. */
export type TaskPhase =
  | 'waiting'
  | 'dispatched'
  | 'prepared'
  | 'launching'
  | 'running'
  | 'exited'
  | 'collected'
  | 'audited'
  | 'integrating'
  | 'merged'
  | 'gated'
  | 'integrated'
  | 'ended';

/** A task's status as a person sees it: an outcome, or what is being done now. */
export type TaskStatus = TaskOutcomeStatus | 'waiting' | 'preparing' | 'running' | 'integrating';

export interface TaskState {
  readonly task: Task;
  readonly claims: readonly Claim[];
  readonly unknownScope: boolean;
  readonly phase: TaskPhase;
  /** Counts from 1; 0 before the first dispatch. */
  readonly attempt: number;
  readonly blockedBy?: Blocker;
  readonly base?: CommitId;
  readonly stateDir?: string;
  readonly workspace?: Workspace;
  readonly workspaceGone?: boolean;
  /** Why the last try to remove the workspace has left it. */
  readonly workspaceKept?: Extract<RemoveOutcome, { readonly status: 'kept' }> | undefined;
  /** What the set-up command did in the workspace. */
  readonly setup?: SetupReport;
  /** Facts about the running agent, such as its process id; see `AgentRun.details`. */
  readonly agent?: Readonly<Record<string, string | number>>;
  readonly activity?: AgentActivity;
  readonly sessionId?: string;
  readonly exit?: AgentExit;
  readonly changes?: readonly ChangedPath[];
  readonly outside?: readonly string[];
  /** The commit that holds the task's work. */
  readonly commit?: CommitId;
  /** The integration tip that the last merge was made onto. */
  readonly onto?: CommitId;
  /**
   * The line on which the work was made, where that line was given up for a rewritten target: only what the task changed
   * on it is joined, and nothing of its history.
   */
  readonly over?: CommitId;
  /** The merge commit waiting for its gate. */
  readonly candidate?: CommitId;
  readonly verdict?: Verdict;
  readonly conflicts?: readonly ConflictedPath[];
  /** The integration commit that brought this task in. */
  readonly integratedAs?: CommitId;
  readonly outcome?: TaskOutcomeStatus;
  readonly reason?: string;
  readonly failure?: TaskFailure;
  readonly dispatchedAt?: number;
  readonly launchedAt?: number;
  readonly exitedAt?: number;
  readonly integratedAt?: number;
  readonly landedAt?: number;
  /** When the task was integrated or rejected. */
  readonly endedAt?: number;
}

/** A snapshot that was taken in a run. */
export interface TakenSnapshot extends Snapshot {
  readonly taskId: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Everything that is known of a run, derived from its log and from nothing else. */
export interface RunState {
  readonly runId: string;
  readonly status: 'empty' | 'running' | 'interrupted' | 'finished';
  readonly tasks: ReadonlyMap<string, TaskState>;
  readonly order: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the user should know of, in the order in which it was found; each once. */
  readonly findings: readonly Finding[];
  /** What tasks have left uncommitted, or in workspaces that were removed; the oldest first. */
  readonly snapshots: readonly TakenSnapshot[];
  readonly target?: string;
  readonly base?: CommitId;
  readonly options?: RunOptions;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The tip of the integration ref. */
  readonly integration?: CommitId;
  /** The last commit known to be the target's tip, put there by this run or joined by it. */
  readonly landedTip?: CommitId;
  /** A tip of the target that is being joined into the integration ref. */
  readonly joining?: CommitId;
  /** The tip of the integration ref that was given up for a rewritten target. */
  readonly replaced?: CommitId;
  readonly landing?: { readonly from: CommitId; readonly to: CommitId };
  readonly landRefused?: LandOutcome;
  /** Why the target could not be moved when it was last tried; absent once it has moved, or the run goes on. */
  readonly landingBlocked?: Diagnostic;
  readonly resources?: ResourceSample;
  readonly paused?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly lastEventAt?: number;
  /** The sequence number of the last event. */
  readonly seq: number;
  readonly summary?: RunSummary;
}

const preparing: ReadonlySet<TaskPhase> = new Set(['dispatched', 'prepared', 'launching']);

/** What a person is told about a task. */
export function statusOf(task: TaskState): TaskStatus {
  if (task.outcome) return task.outcome;
  if (task.phase === 'waiting') return 'waiting';
  if (preparing.has(task.phase)) return 'preparing';
  return task.phase === 'running' ? 'running' : 'integrating';
}

/** True from dispatch until the work is integrated or rejected: the time in which nobody else may touch the claims. */
export function holdsClaims(task: TaskState): boolean {
  return task.phase !== 'waiting' && task.outcome === undefined;
}

/** True from dispatch until the agent has exited. */
export function occupiesSlot(task: TaskState): boolean {
  return preparing.has(task.phase) || task.phase === 'running';
}

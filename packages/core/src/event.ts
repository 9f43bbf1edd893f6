import type { AttemptEnding, MovedWorkspace } from './attempt.js';
import type { ReachedCap } from './budget.js';
import type { Claim, TaskClaims } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { Finding } from './finding.js';
import type { Verdict } from './gate.js';
import type { AgentActivity, AgentExit, AgentFailure, AgentRun, AgentUsage } from './launcher.js';
import type { ConflictedPath, LandOutcome } from './merger.js';
import type { RunOptions } from './options.js';
import type { ResourceSample } from './resources.js';
import type {
  DecisionRequest,
  DeclinedLanding,
  PushedBranch,
  RequestRefusal,
  SentBackTask,
} from './review.js';
import type { TaskSighting } from './sighting.js';
import type { RejectedStatus, RunTotals, TaskFailure, TaskOutcome } from './summary.js';
import type { Task } from './task.js';
import type {
  ChangedPath,
  CommitId,
  CreatedWorkspace,
  RemoveOutcome,
  Snapshot,
  Workspace,
} from './workspace.js';

/** The version of the event format written by this copy of core. */
export const EVENT_VERSION = 3;

/** What every event carries. */
export interface EventEnvelope {
  readonly v: typeof EVENT_VERSION;
  /** Counts from 1 within a run, without gaps. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly runId: string;
}

/** Why a waiting task does not start. */
export type Blocker =
  | { readonly kind: 'dependency'; readonly taskId: string }
  | { readonly kind: 'claim'; readonly taskId: string; readonly path: string }
  | { readonly kind: 'reserved'; readonly taskId: string }
  /** The claims do not conflict, but the chance (0–1) that both tasks change a common file is too great. */
  | { readonly kind: 'risk'; readonly taskId: string; readonly probability: number }
  /** It was passed over: tasks that are less likely to collide with this one, which is in flight, start before it. */
  | { readonly kind: 'yields'; readonly taskId: string }
  | { readonly kind: 'resources'; readonly message: string }
  /** No agent may start for now. `until`: when one is tried again, in milliseconds since the epoch. */
  | { readonly kind: 'agent'; readonly message: string; readonly until?: number }
  /** A cap on cost or tokens is reached. */
  | { readonly kind: 'budget'; readonly message: string }
  /** Its agent has asked something, and waits for the answer. */
  | { readonly kind: 'answer'; readonly message: string };

/**
 * Why a gate runs. `join`: finished work is to be integrated. `search`: which of several tasks it is red for. `confirm`: a
 * red is reproduced on the same tree. `partner`: with which other task a task is red. `base`: the integration tip itself.
 * `target`: new commits of the target are joined. `choice`: a person has chosen this work to land.
 */
export type GatePurpose = 'join' | 'search' | 'confirm' | 'partner' | 'base' | 'target' | 'choice';

/** What a gate runs on: a commit, with the work of tasks joined to it in this order; without tasks, that commit itself. */
export interface GatedState {
  readonly taskIds: readonly string[];
  /** The commit that the first task is joined to; absent in logs of earlier versions. */
  readonly onto?: CommitId;
  /** What is checked out for the gate. */
  readonly commit: CommitId;
  /** The id of its tree; absent if the merger does not tell it, and in logs of earlier versions. */
  readonly tree?: string;
  readonly purpose: GatePurpose;
}

/** A task as it becomes part of the integration ref: by this commit of its first-parent line. */
export interface JoinedTask {
  readonly taskId: string;
  readonly commit: CommitId;
  /** The history on which its work was made, where only its own changes were put on another one. */
  readonly over?: CommitId;
}

/** Events about the run as a whole, by type. */
export interface RunEventPayloads {
  readonly 'run-started': {
    /** Branch name without `refs/heads/`. */
    readonly target: string;
    /** The tip of the target, and the start of the integration ref. */
    readonly base: CommitId;
    readonly options: RunOptions;
    /** What the composition root needs to compose the same run again: agent, gate, setup, plugins. */
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly 'run-planned': {
    /** All task ids, in the order in which the scheduler prefers them. */
    readonly order: readonly string[];
    readonly diagnostics: readonly Diagnostic[];
  };
  /** `options` replace those of the run from now on. */
  readonly 'run-resumed': { readonly options?: RunOptions };
  /** The run was told to stop. `drain`: nothing more starts, and running agents finish. `now`: they are ended. */
  readonly 'stop-requested': { readonly mode: 'drain' | 'now' };
  /** `because`: the run has stopped by itself, with tasks left, since no agent can work or a cap is reached. */
  readonly 'run-interrupted': { readonly reason: string; readonly because?: 'agents' | 'budget' };
  readonly 'run-finished': {
    readonly success: boolean;
    readonly tasks: readonly TaskOutcome[];
    readonly totals: RunTotals;
    readonly durationMs: number;
    readonly usage?: AgentUsage;
  };
  /** `logFile`: where the gate's output goes. */
  readonly 'gate-started': GatedState & { readonly logFile?: string };
  /**
   * `fingerprint`: of the gate. `known`: it was not run, because it had run on the same tree before.
   */
  readonly 'gate-finished': GatedState & {
    readonly verdict: Verdict;
    readonly fingerprint?: string;
    readonly known?: true;
  };
  /** The gate was ended without a verdict: it is not needed any more, or the run is being stopped. */
  readonly 'gate-stopped': { readonly commit: CommitId };
  /** The integration ref is about to move to a tested commit; an {@link TaskEventPayloads.integrated} for each task follows. */
  readonly 'advance-started': {
    readonly from: CommitId;
    readonly to: CommitId;
    /** In the order in which they are joined; the last one's commit is `to`. */
    readonly tasks: readonly JoinedTask[];
  };
  /** The target has commits that this run did not make; they are being merged. */
  readonly 'target-moved': { readonly tip: CommitId };
  readonly 'target-conflicted': { readonly tip: CommitId; readonly paths: readonly ConflictedPath[] };
  readonly 'target-integrated': {
    readonly from: CommitId;
    readonly commit: CommitId;
    readonly tip: CommitId;
  };
  /**
   * The target was rewritten, and the user has decided to put the run's work on top of it. The integration ref moves from
   * `from` to `tip`. The run no longer expects the target to contain `known`. The work of `taskIds` is integrated again.
   */
  readonly 'target-replaced': {
    readonly from: CommitId;
    readonly known: CommitId;
    readonly tip: CommitId;
    readonly taskIds: readonly string[];
  };
  /**
   * A person has chosen work to land, which is then tested as one commit.
   *
   * `taskIds`: all that is to land, in the order in which it is joined. `asked`: those of them that the person named; the
   * others are needed by these. `request`: the id of the request that it was chosen with.
   */
  readonly 'landing-chosen': {
    readonly taskIds: readonly string[];
    readonly asked: readonly string[];
    readonly request?: string;
  };
  /** What a person has chosen does not land as it is. Nothing has landed, and no task is rejected for it. */
  readonly 'landing-declined': DeclinedLanding;
  /**
   * The integration ref moves from `from` to `to`, which does not contain it, and the work of `taskIds` is integrated again on
   * top of that: without some work that was in it, or behind work that has landed by itself.
   *
   * `contained`: tasks whose work started from a commit that `to` contains. Of all others only their own changes are put on
   * it. `tip`: where the target is, if this run did not put it there; `to` contains it. `sentBack`: those of `taskIds` that a person has rejected, and why.
   */
  readonly 'integration-restarted': {
    readonly from: CommitId;
    readonly to: CommitId;
    readonly taskIds: readonly string[];
    readonly contained: readonly string[];
    readonly tip?: CommitId;
    readonly sentBack?: readonly SentBackTask[];
    readonly request?: string;
  };
  /** A person has asked this of the run while it goes on. It is done when `request-done` has come. */
  readonly 'request-taken': DecisionRequest;
  /** `refused`: why nothing was done for it. */
  readonly 'request-done': { readonly id: string; readonly refused?: RequestRefusal };
  /** A branch is about to be pushed for a pull request. */
  readonly 'branch-pushing': PushedBranch;
  readonly 'branch-pushed': PushedBranch;
  /** The pull request of a pushed branch is there, or was there already. */
  readonly 'pull-request-opened': PushedBranch & { readonly url: string };
  /** `tasks`: the work that lands by itself, as these commits, and not as the integration ref has it. */
  readonly 'land-started': {
    readonly target: string;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly tasks?: readonly JoinedTask[];
  };
  /** `tasks`: as in `land-started`; the integration ref starts again from `to` next. */
  readonly landed: {
    readonly target: string;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly taskIds: readonly string[];
    readonly tasks?: readonly JoinedTask[];
  };
  readonly 'land-refused': { readonly target: string; readonly to: CommitId; readonly outcome: LandOutcome };
  /** How long agents are expected to work, in milliseconds by task, as far as earlier runs tell. */
  readonly 'times-expected': { readonly agentMs: Readonly<Record<string, number>> };
  /** Of every waiting task it is recorded what blocks it; nothing but a slot is missing to those without such a reason. */
  readonly 'waiting-explained': Record<never, never>;
  /** `machines` are in it when something of them has changed; otherwise those of the sample before hold. At most 100. */
  readonly 'resources-sampled': { readonly sample: ResourceSample };
  readonly 'admission-paused': { readonly reason: string };
  readonly 'admission-resumed': Record<never, never>;
  /**
   * No task starts with this agent for now, since it can't work for anybody: quota or login. `until`: when it is tried again,
   * in milliseconds since the epoch; absent: only when a person has put it right and resumes the run.
   */
  readonly 'agent-paused': {
    readonly agent: string;
    readonly failure: AgentFailure;
    /** How many times in a row it was paused. */
    readonly count: number;
    readonly until?: number;
    /** The attempt that has failed so. */
    readonly by: { readonly taskId: string; readonly attempt: number };
  };
  /** The agent has worked again, or is tried again by a resumed run. */
  readonly 'agent-unpaused': { readonly agent: string };
  /** Nothing more starts: a cap of the run or of the day is reached. */
  readonly 'cap-reached': { readonly reached: ReachedCap };
  readonly warning: { readonly diagnostic: Diagnostic };
  /** See {@link Finding}. */
  readonly finding: { readonly finding: Finding };
  /** A finding has been put right. */
  readonly 'finding-resolved': { readonly finding: Finding };
}

/** Events about one task, by type. */
export interface TaskEventPayloads {
  readonly 'task-planned': { readonly task: Task; readonly claims: TaskClaims };
  /** `also`: further waiting tasks that are blocked by the same. */
  readonly 'task-blocked': { readonly by: Blocker; readonly also?: readonly string[] };
  /** The task holds its claims from now on. */
  readonly 'task-dispatched': {
    readonly attempt: number;
    readonly base: CommitId;
    readonly stateDir: string;
    /** Which of the launcher's agents gets it; absent: the launcher has one. */
    readonly agent?: string;
  };
  readonly 'workspace-created': CreatedWorkspace;
  /**
   * The workspace of a task was to be brought onto another base: onto that of an attempt that goes on, or, of a task that has
   * ended, onto what it could not be merged with, for a person to resolve.
   */
  readonly 'workspace-moved': { readonly workspace: Workspace; readonly outcome: MovedWorkspace };
  readonly 'agent-launching': { readonly attempt: number };
  readonly 'agent-launched': Pick<AgentRun, 'startedAt' | 'details'> & { readonly launcher: string };
  readonly 'agent-activity': { readonly activity: AgentActivity };
  /** The agent is about to be stopped, since a cap is reached. */
  readonly 'agent-capped': { readonly reached: ReachedCap };
  readonly 'agent-exited': { readonly exit: AgentExit };
  readonly 'work-collected': {
    readonly commit: CommitId;
    readonly changes: readonly ChangedPath[];
    readonly committedLeftovers: boolean;
  };
  readonly 'claims-audited': {
    /** Changed paths that no claim of the task covers. */
    readonly outside: readonly string[];
    /** Claims that the task got in addition, because no other task held them. */
    readonly grown: readonly Claim[];
    /** Other tasks in flight that hold a claim on one of these paths. */
    readonly heldBy: readonly string[];
  };
  /** The task's work can't be merged with the integration tip. */
  readonly 'integrate-conflicted': { readonly onto: CommitId; readonly paths: readonly ConflictedPath[] };
  /**
   * The integration ref contains the task's work, as `commit`, which was made on `from`: the claims are free, and dependents
   * may start.
   *
   * `noChange`: the task needed none, and why. Without a commit of its own, `commit` is `from`: the integration ref as it is.
   */
  readonly integrated: { readonly from: CommitId; readonly commit: CommitId; readonly noChange?: string };
  readonly 'task-finished': {
    readonly status: RejectedStatus;
    readonly reason: string;
    /** The failure, for programs; absent if the end is no failure. */
    readonly failure?: TaskFailure;
  };
  /**
   * The attempt was not enough. The task waits for another one, which goes on in the same workspace. Its claims are free
   * meanwhile.
   */
  readonly 'task-continued': {
    readonly ending: AttemptEnding;
    /** For the agent to read. */
    readonly feedback: string;
    readonly conflict?: { readonly onto: CommitId; readonly paths: readonly ConflictedPath[] };
    readonly uncounted?: true;
    /** What the agent wants to know of a person: the task waits for the answer. */
    readonly question?: string;
  };
  /** The agent has printed nothing for so long that a person is asked what to do. */
  readonly 'question-asked': { readonly question: string };
  /** There is nothing to ask any more: the agent goes on by itself. */
  readonly 'question-dropped': Record<never, never>;
  /** A person has answered the question that was asked at this time. A running agent is stopped, and goes on with the answer. */
  readonly 'question-answered': { readonly askedAt: number; readonly answer: string };
  /** A person wants the agent of this task stopped; the task is cancelled then. */
  readonly 'task-stopping': Record<never, never>;
  /** A task in flight holds these claims in addition: its agent is seen to change them. */
  readonly 'claims-grown': { readonly grown: readonly Claim[] };
  /** What the radar sees of the task's work has changed; this replaces what it saw before. Empty: nothing is in the way. */
  readonly 'work-sighted': { readonly sighting: TaskSighting };
  /** The task starts over in a fresh workspace: after `retry`, or when it was stopped before it could finish. */
  readonly 'task-requeued': { readonly reason: string };
  /**
   * A rejected task goes on with the work that it has: the user may have put the cause right. `forget`: what gates have said
   * in this run is not believed any more. `collect`: somebody has worked in its workspace, which is collected again.
   */
  readonly 'task-reopened': {
    readonly reason: string;
    readonly forget?: true;
    readonly collect?: true;
    readonly request?: string;
  };
  /** Uncommitted work of the task, or what a removal of its workspace would have lost, is kept under this ref. */
  readonly 'snapshot-taken': Snapshot & { readonly reason: string };
  readonly 'workspace-removing': { readonly workspace: Workspace };
  readonly 'workspace-removed': { readonly outcome: RemoveOutcome };
}

export type RunLevelEvent = {
  [K in keyof RunEventPayloads]: EventEnvelope & {
    readonly type: K;
    readonly taskId?: never;
  } & RunEventPayloads[K];
}[keyof RunEventPayloads];

export type TaskLevelEvent = {
  [K in keyof TaskEventPayloads]: EventEnvelope & {
    readonly type: K;
    readonly taskId: string;
  } & TaskEventPayloads[K];
}[keyof TaskEventPayloads];

/** Everything that can happen in a run. Readers must tolerate types that they do not know. */
export type RunEvent = RunLevelEvent | TaskLevelEvent;

type WithoutEnvelope<E> = E extends EventEnvelope ? Omit<E, keyof EventEnvelope> : never;

/** An event before the log gives it its envelope. */
export type NewRunEvent = WithoutEnvelope<RunEvent>;

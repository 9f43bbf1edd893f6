import type { Claim, TaskClaims } from './claim.js';
import type { Diagnostic } from './diagnostic.js';
import type { Finding } from './finding.js';
import type { Verdict } from './gate.js';
import type { AgentActivity, AgentExit, AgentRun } from './launcher.js';
import type { ConflictedPath, LandOutcome } from './merger.js';
import type { RunOptions } from './options.js';
import type { ResourceSample } from './resources.js';
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
export const EVENT_VERSION = 2;

/** What every event carries. */
export interface EventEnvelope {
  readonly v: typeof EVENT_VERSION;
  /** Counts from 1 within a run, without gaps. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly runId: string;
}

/** Why a waiting task did not start although a slot was free. */
export type Blocker =
  | { readonly kind: 'dependency'; readonly taskId: string }
  | { readonly kind: 'claim'; readonly taskId: string; readonly path: string }
  | { readonly kind: 'reserved'; readonly taskId: string }
  /** Nothing is claimed twice, but the texts make it likely (0–1) that both change a common file. */
  | { readonly kind: 'risk'; readonly taskId: string; readonly probability: number }
  | { readonly kind: 'resources'; readonly message: string };

/** Events about the run as a whole, by type. */
export interface RunEventPayloads {
  readonly 'run-started': {
    /** Branch name without `refs/heads/`. */
    readonly target: string;
    /** Where the target was, and where the integration ref starts. */
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
  /** `options` replace those of the run from here on. */
  readonly 'run-resumed': { readonly options?: RunOptions };
  readonly 'run-interrupted': { readonly reason: string };
  readonly 'run-finished': {
    readonly success: boolean;
    readonly tasks: readonly TaskOutcome[];
    readonly totals: RunTotals;
    readonly durationMs: number;
  };
  /** Joining commits on the target that this run did not make. */
  readonly 'target-moved': { readonly tip: CommitId };
  readonly 'target-conflicted': { readonly tip: CommitId; readonly paths: readonly ConflictedPath[] };
  readonly 'target-integrated': {
    readonly from: CommitId;
    readonly commit: CommitId;
    readonly tip: CommitId;
  };
  /**
   * The target was rewritten, and the user has decided to put the run's work on top of it: the integration ref starts
   * anew at `tip`. What was `known` of the target is given up; `taskIds` are those whose work is put there again.
   */
  readonly 'target-replaced': {
    readonly from: CommitId;
    readonly known: CommitId;
    readonly tip: CommitId;
    readonly taskIds: readonly string[];
  };
  readonly 'land-started': { readonly target: string; readonly from: CommitId; readonly to: CommitId };
  readonly landed: {
    readonly target: string;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly taskIds: readonly string[];
  };
  readonly 'land-refused': { readonly target: string; readonly to: CommitId; readonly outcome: LandOutcome };
  readonly 'resources-sampled': { readonly sample: ResourceSample };
  readonly 'admission-paused': { readonly reason: string };
  readonly 'admission-resumed': Record<never, never>;
  readonly warning: { readonly diagnostic: Diagnostic };
  /** Something that the user should know of; see {@link Finding}. */
  readonly finding: { readonly finding: Finding };
  /** What a finding is about is as it should be again. */
  readonly 'finding-resolved': { readonly finding: Finding };
}

/** Events about one task, by type. */
export interface TaskEventPayloads {
  readonly 'task-planned': { readonly task: Task; readonly claims: TaskClaims };
  readonly 'task-blocked': { readonly by: Blocker };
  /** Claims are held from here on. */
  readonly 'task-dispatched': {
    readonly attempt: number;
    readonly base: CommitId;
    readonly stateDir: string;
  };
  readonly 'workspace-created': CreatedWorkspace;
  readonly 'agent-launching': { readonly attempt: number };
  readonly 'agent-launched': Pick<AgentRun, 'startedAt' | 'details'> & { readonly launcher: string };
  readonly 'agent-activity': { readonly activity: AgentActivity };
  readonly 'agent-exited': { readonly exit: AgentExit };
  readonly 'work-collected': {
    readonly commit: CommitId;
    readonly changes: readonly ChangedPath[];
    readonly committedLeftovers: boolean;
  };
  readonly 'claims-audited': {
    /** Changed paths that no claim of the task covers. */
    readonly outside: readonly string[];
    /** Claims that the task got besides, because no other task held them. */
    readonly grown: readonly Claim[];
    /** Tasks in flight that hold a claim on one of the paths. */
    readonly heldBy: readonly string[];
  };
  readonly 'integrate-started': { readonly onto: CommitId; readonly commit: CommitId };
  readonly 'integrate-merged': { readonly onto: CommitId; readonly candidate: CommitId };
  readonly 'integrate-conflicted': { readonly onto: CommitId; readonly paths: readonly ConflictedPath[] };
  readonly 'gate-started': { readonly commit: CommitId };
  readonly 'gate-finished': { readonly commit: CommitId; readonly verdict: Verdict };
  /** The integration ref moved: claims are free, dependents may start. */
  readonly integrated: { readonly from: CommitId; readonly commit: CommitId };
  readonly 'task-finished': {
    readonly status: RejectedStatus;
    readonly reason: string;
    /** What kind of failure it was, for programs; absent where the end is none. */
    readonly failure?: TaskFailure;
  };
  /** The task starts over in a fresh workspace: after `retry`, or when it was stopped before it could finish. */
  readonly 'task-requeued': { readonly reason: string };
  /** A held task is looked at again where it was held: the user may have put right what was wrong. */
  readonly 'task-reopened': { readonly reason: string };
  /** What was uncommitted in the task's workspace, or would have gone with it, is kept under this ref. */
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

/** An event before the log has given it its place. */
export type NewRunEvent = WithoutEnvelope<RunEvent>;

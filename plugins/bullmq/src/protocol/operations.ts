import type {
  AgentActivity,
  AgentExit,
  ChangedPath,
  CollectOutcome,
  CommitId,
  Continuation,
  FinishedTask,
  IntrudedFile,
  LandedAs,
  MovedWorkspace,
  Permission,
  RemoveOutcome,
  Task,
  Verdict,
  WorkSubject,
  Workspace,
} from '@pwt/core';
import type { RemoteAgent, RemoteGate, RemoteSetup } from './requirement.js';

/** What every request has. `v` is the version of the protocol. */
export interface AnyRequest {
  readonly v: 1;
  readonly repository: string;
}

/** Work that is restored into a new workspace: a commit on the exchange in the shape of {@link RunReport.result}. */
export interface Restoring {
  readonly ref: string;
  readonly commit: CommitId;
}

/** Makes the workspace of a task. Taken by any worker that meets the requirement. */
export interface PlaceRequest extends AnyRequest {
  readonly runId: string;
  readonly taskId: string;
  readonly title: string;
  /** On the exchange as `refs/pwt/base/<commit>`. */
  readonly base: CommitId;
  readonly setup?: RemoteSetup | undefined;
  readonly restore?: Restoring | undefined;
}

/** Makes a detached checkout for a gate. */
export interface ScratchRequest extends AnyRequest {
  readonly runId: string;
  readonly commit: CommitId;
  readonly setup?: RemoteSetup | undefined;
}

/** A file that a worker has written, whole. Small ones travel inside, others as a blob in a commit on the exchange. */
export type Shipment =
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'commit'; readonly ref: string; readonly commit: CommitId; readonly path: string };

/** Where a workspace is. `workspace` is the worker's own record; its path is a path there. */
export interface Placed {
  readonly worker: string;
  readonly workspace: Workspace;
  readonly setup?: { readonly durationMs: number; readonly log: Shipment };
}

/** Everything else is done by the worker that has the workspace. */
export interface InWorkspace extends AnyRequest {
  /** As in {@link Placed}. */
  readonly workspace: Workspace;
  /**
   * The last commit that this worker has made of what is in the workspace, as far as the coordinator has heard. A worker that knows
   * nothing of it was set back to an earlier state, and so was the workspace.
   */
  readonly latest?: CommitId | undefined;
}

export interface AttemptKey {
  readonly runId: string;
  readonly taskId: string;
  /** Counts from 1 within the task. */
  readonly number: number;
}

/**
 * Starts the agent of an attempt, or goes on with it: whatever was done for this attempt on this worker before, the answer is the
 * same. Ends when the agent has ended and its result is on the exchange.
 */
export interface RunRequest extends InWorkspace {
  readonly attempt: AttemptKey & { readonly timeoutMs: number; readonly idleTimeoutMs: number };
  readonly agents: readonly RemoteAgent[];
  readonly task: Task;
  readonly claims: readonly import('@pwt/core').Claim[];
  readonly permission: Permission;
  readonly agent?: string | undefined;
  readonly prompt?: string | undefined;
  readonly promptTemplate?: string | undefined;
  readonly marksDone: boolean;
  readonly finished?: readonly FinishedTask[] | undefined;
  readonly continues?: Continuation | undefined;
}

/** What has come of an attempt. */
export interface RunReport {
  readonly exit: AgentExit;
  /**
   * A commit on the exchange, at `refs/pwt/attempts/<run>/<task>/<attempt>`, with everything that is in the workspace, and with `exit` in
   * its message. Its first parent is HEAD of the workspace; what is uncommitted is as in a stash. Absent if the ref is another's.
   */
  readonly result?: CommitId;
  /** Where the work is kept if `refs/pwt/attempts/…` was taken: the attempt had been given up. */
  readonly late?: { readonly ref: string; readonly commit: CommitId };
  /** The agent's logs, for `pwt logs`; `record` is what the launcher notes about the agent (`agent.json`). */
  readonly stdout: Shipment;
  readonly stderr: Shipment;
  readonly record: string;
}

/** What a worker tells while an agent works: the progress of its job, first when the agent has started. At most 32 KiB. */
export interface RunProgress {
  /** How long ago the attempt was started, by the worker's own clock, in milliseconds. */
  readonly elapsedMs: number;
  /** How long ago its last sign of life was, in milliseconds. */
  readonly quietMs: number;
  /** What is new since the last one. */
  readonly activities: readonly AgentActivity[];
  /** What its stdout has got since the last one: whole lines, the last of them if it is too much. */
  readonly tail: string;
  /**
   * Where `tail` begins in its stdout, in bytes from the start: a message may be missed, and a tail may be cut, and both is seen by it.
   */
  readonly offset: number;
  readonly details?: Readonly<Record<string, string | number>>;
  readonly record?: string;
}

/** Looks for an attempt. One that was never started can't start on this worker from now on. */
export interface AttachRequest extends InWorkspace {
  readonly attempt: AttemptKey & { readonly timeoutMs: number; readonly idleTimeoutMs: number };
}
export interface Attached {
  readonly status: 'never-started' | 'started';
  readonly elapsedMs?: number;
}

export interface CollectRequest extends InWorkspace {
  readonly message: string;
  readonly intruded?: readonly IntrudedFile[] | undefined;
}
/** The commits that it names are on the exchange, at `ref` and `snapshotRef`. */
export interface Collected {
  readonly outcome: CollectOutcome;
  readonly ref?: string;
  readonly snapshotRef?: string;
}

export interface MoveRequest extends InWorkspace {
  readonly onto: CommitId;
  readonly message: string;
  readonly lists?: readonly string[] | undefined;
}
export interface Moved {
  readonly workspace: Workspace;
  readonly outcome: MovedWorkspace;
}

export interface RemoveRequest extends InWorkspace {
  readonly containedIn?: CommitId | undefined;
  readonly landedAs?: LandedAs | undefined;
  readonly force?: readonly ('dirty' | 'unmerged')[] | undefined;
  readonly reason?: string | undefined;
}
/** A snapshot that it names is on the exchange, at `snapshotRef`. */
export interface Removed {
  readonly outcome: RemoveOutcome;
  readonly snapshotRef?: string;
}

export interface SnapshotRequest extends InWorkspace {
  readonly reason: string;
}
export interface SnapshotTaken {
  /** On the exchange. Absent if there is nothing beyond what base and branch hold. */
  readonly snapshot?: { readonly ref: string; readonly commit: CommitId };
}

export interface GateRunRequest extends InWorkspace {
  readonly runId: string;
  readonly subject: WorkSubject;
  readonly commit: CommitId;
  readonly gate: RemoteGate;
  readonly changedPaths?: readonly string[] | undefined;
  readonly complete?: boolean | undefined;
}
/** `logs`: by part; `''` for a gate of one command. Paths in `verdict` are the worker's. */
export interface GateReport {
  readonly verdict: Verdict;
  readonly logs: Readonly<Record<string, Shipment>>;
}

export interface CloseRequest extends AnyRequest {
  readonly runId: string;
  readonly landed?: CommitId | undefined;
}

/** What is asked of a worker by name: request and answer of each. */
export interface Operations {
  readonly run: { readonly request: RunRequest; readonly answer: RunReport };
  readonly attach: { readonly request: AttachRequest; readonly answer: Attached };
  readonly collect: { readonly request: CollectRequest; readonly answer: Collected };
  readonly changes: { readonly request: InWorkspace; readonly answer: readonly ChangedPath[] };
  readonly move: { readonly request: MoveRequest; readonly answer: Moved };
  readonly remove: { readonly request: RemoveRequest; readonly answer: Removed };
  readonly foresee: { readonly request: RemoveRequest; readonly answer: RemoveOutcome };
  readonly snapshot: { readonly request: SnapshotRequest; readonly answer: SnapshotTaken };
  readonly gate: { readonly request: GateRunRequest; readonly answer: GateReport };
  readonly close: { readonly request: CloseRequest; readonly answer: null };
}
export type OperationName = keyof Operations;

/** What any worker may do: request and answer of each. */
export interface Placements {
  readonly place: { readonly request: PlaceRequest; readonly answer: Placed };
  readonly scratch: { readonly request: ScratchRequest; readonly answer: Placed };
}
export type PlacementName = keyof Placements;

/** Said to one worker at once, beside the queue. */
export type ControlMessage =
  | { readonly v: 1; readonly kind: 'stop'; readonly attempt: AttemptKey }
  | { readonly v: 1; readonly kind: 'abort'; readonly job: string };

/** `<run>/<task>/<number>`: the id of an attempt's job, and the end of its refs. */
export function attemptName({ runId, taskId, number }: AttemptKey): string {
  return `${runId}/${taskId}/${number}`;
}

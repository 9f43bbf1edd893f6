import type { Clock, Workspace } from '@pwt/core';
import type { SandboxMode } from '@pwt/launcher';
import type { GitWorktreeProvider } from '@pwt/worktree';
import type {
  AttemptKey,
  OperationName,
  Operations,
  PlacementName,
  Placements,
  RunProgress,
} from '../protocol/operations.js';
import type { RemoteSetup } from '../protocol/requirement.js';
import type { Timings } from '../protocol/timings.js';
import type { Allowed } from './allowed.js';
import type { GatesAtWork } from './gates/gates-at-work.js';
import type { WorkerLog } from './log.js';
import type { Mirror } from './mirror.js';
import type { Slots } from './slots.js';

/** What the parts of a worker work with. */
export interface WorkerContext {
  /** Unique in the queue, and the same after a restart. */
  readonly id: string;
  /** The worker's own folder; see `state-folder.ts` for what is where. Absolute. */
  readonly stateDir: string;
  /** The environment that the operator started the worker with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly allowed: Allowed;
  readonly timings: Timings;
  readonly log: WorkerLog;
  readonly clock: Clock;
  /** Room for agents. `runs/` enters each agent, also one that it has found running, and leaves when its result is pushed. */
  readonly slots: Slots;
  /** Room for gates. `gates/` enters each run of a gate. */
  readonly gateSlots: Slots;
  readonly gates: GatesAtWork;
  readonly sandbox: SandboxMode;
  readonly repositories: Repositories;
  /**
   * Removes the workspace of an attempt that was given up, once all that is in it is on the exchange; not one that was placed here
   * anew.
   */
  abandon(repository: WorkerRepository, workspace: Workspace, attempt: AttemptKey): Promise<void>;
}

/** The repositories that the operator has named. */
export interface Repositories {
  readonly all: readonly WorkerRepository[];
  /** @throws PwtError `PWT_JOB_NOT_ALLOWED` if the operator has not named it */
  named(name: string): WorkerRepository;
}

/** One repository on this worker. */
export interface WorkerRepository {
  readonly name: string;
  /** Its records, its trash, the state of attempts and the output of set-up and gates. Absolute. */
  readonly stateDir: string;
  readonly mirror: Mirror;
  /** Makes and removes its worktrees. Runs no set-up. */
  readonly provider: GitWorktreeProvider;
  /** The same, for a new workspace with set-up. */
  withSetup(setup: RemoteSetup): GitWorktreeProvider;
  /** Those of its attempts: `<run>/<task>/<number>`. Absolute. */
  readonly attemptsDir: string;
  /** The directory of an attempt, with prompt, logs, lease and exit record. It need not be there. */
  attemptDir(attempt: AttemptKey): string;
  /** The worker's own record of a workspace. */
  workspace(id: string): Promise<Workspace | undefined>;
  /** Runs what makes or removes the workspace of a task after those that are under way for it. */
  inTurn<T>(
    of: { readonly runId: string; readonly taskId?: string | undefined },
    action: () => Promise<T>,
  ): Promise<T>;
}

/** What a handler has of its job. */
export interface JobTools {
  /** BullMQ's id of the job: that of an attempt is its name. */
  readonly job: string;
  /** Aborted when the coordinator does not want the answer any more. Not when the worker ends. */
  readonly abortSignal: AbortSignal;
  /** Rejects if it could not be told. */
  progress(progress: RunProgress): Promise<void>;
}

/**
 * Does what a job asks. The request is sound and allowed: ids and sizes are checked, its `workspace` is the worker's own record, its
 * commands are allowed. May be called again for the same job, after a crash.
 */
export type Handler<O extends OperationName> = (
  request: Operations[O]['request'],
  tools: JobTools,
) => Promise<Operations[O]['answer']>;

export type Handlers = { readonly [O in OperationName]: Handler<O> };

export type PlacementHandlers = {
  readonly [P in PlacementName]: (
    request: Placements[P]['request'],
    tools: JobTools,
  ) => Promise<Placements[P]['answer']>;
};

/** The agents of a worker. `runs/` makes it, of a {@link WorkerContext}. */
export interface Runs {
  readonly run: Handler<'run'>;
  readonly attach: Handler<'attach'>;
  /** A workspace was just made: none of its attempts has begun. */
  placed(workspace: Workspace): void;
  /** The attempts whose agents work now, or whose results are not on the exchange yet. */
  readonly underWay: readonly AttemptKey[];
  /**
   * At the start of a worker, before it takes jobs: takes over what an earlier process has left. Agents whose attempts were given up
   * are stopped, and their work is kept as late.
   */
  reconcile(): Promise<void>;
  /** Stops an agent; its result is pushed as always. Does nothing if there is no such agent. */
  stop(attempt: AttemptKey): Promise<void>;
  /**
   * The operator ends the worker: stops every agent, and pushes what it has done as unfinished work, since the attempt is to go on
   * elsewhere. Its `run` ends with `PWT_WORKER_LOST`, so that the coordinator need not wait to find that out.
   */
  stopAll(): Promise<void>;
  /** Stops what works in a workspace that is another attempt's by now; ends when its work is on the exchange. */
  vacate(workspace: Workspace): Promise<void>;
}

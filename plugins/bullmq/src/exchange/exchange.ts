import type { AgentExit, CommitId } from '@pwt/core';
import type { AttemptKey, Restoring, Shipment } from '../protocol/operations.js';

/** What a worker has done for an attempt that had been given up. */
export interface LateWork {
  readonly attempt: AttemptKey;
  readonly worker: string;
  readonly ref: string;
  readonly commit: CommitId;
}

/**
 * How a task stands. `open`: it has a workspace, or may get one again. `over`: it has none any more. `safe`: nothing that was pushed
 * for it is needed, since its workspace was removed on evidence, or its last work is in the project's repository.
 */
export type Standing = 'open' | 'over' | 'safe';

/** The remote through which code travels, as a coordinator sees it. Only `refs/pwt/` is read and written. */
export interface Exchange {
  /** @throws PwtError `PWT_EXCHANGE_UNREACHABLE` */
  check(): Promise<void>;
  /**
   * Puts a commit there for the workers of a run to start from. Done once for each run and commit, unless `again`: somebody has found
   * it missing.
   */
  offer(runId: string, commit: CommitId, again?: boolean): Promise<void>;
  /**
   * Fetches a commit by its id, verifies it, and keeps it under a ref of the project's repository.
   *
   * @throws PwtError `PWT_EXCHANGE_MISSING` if it is not there, `PWT_EXCHANGE_UNSOUND` if what is there is something else
   */
  take(request: { readonly ref: string; readonly commit: CommitId; readonly into: string }): Promise<void>;
  /**
   * Decides about an attempt whose worker is lost, once and for all: either its result is there, or it never counts. It may be
   * asked again, by any process, with the same answer.
   */
  giveUp(
    attempt: AttemptKey,
  ): Promise<{ readonly status: 'given-up' } | ({ readonly status: 'finished' } & Restoring)>;
  /** The last unfinished work of an attempt that was pushed. */
  unfinished(attempt: AttemptKey): Promise<Restoring | undefined>;
  /**
   * How the agent ended, out of the message of a result that was taken.
   *
   * @throws PwtError `PWT_EXCHANGE_UNSOUND` if it says nothing that a worker could have written, or is another attempt's
   */
  exitOf(attempt: AttemptKey, commit: CommitId): Promise<AgentExit>;
  lateOf(runId: string): Promise<readonly LateWork[]>;
  /** The text of a file that a worker has shipped. */
  open(shipment: Shipment): Promise<string>;
  /**
   * Removes the refs of a run's tasks that are not open. `standing` is asked after the exchange was looked at. What is not in the
   * project's repository yet is taken first, but for tasks that are safe. A task of which an attempt was given up keeps its refs: its
   * worker may come back.
   */
  prune(runId: string, standing: (taskId: string) => Promise<Standing>): Promise<void>;
  /** The runs that have something there: those that have refs in the project's repository, and of `known` ones those without. */
  unreleased(known?: readonly string[]): Promise<readonly string[]>;
  /**
   * Removes the refs of a run, and the bases that it alone has offered. What is not in the project's repository yet is taken first, as
   * snapshots, but for tasks that are safe and of which no attempt was given up.
   *
   * @param standing @default no task is safe
   * @returns the refs of the snapshots
   */
  release(runId: string, standing?: (taskId: string) => Promise<Standing>): Promise<readonly string[]>;
}

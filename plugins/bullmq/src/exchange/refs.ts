import type { CommitId } from '@pwt/core';
import { type AttemptKey, attemptName } from '../protocol/operations.js';

/** The refs on the exchange. No branch is ever touched. */
export const refs = {
  /** A commit that a workspace starts from. */
  base: (commit: CommitId): string => `refs/pwt/base/${commit}`,
  /**
   * What has come of an attempt; created once. The coordinator creates it itself, as a *tombstone*, to give an attempt up: then the
   * worker can't any more.
   */
  attempt: (attempt: AttemptKey): string => `refs/pwt/attempts/${attemptName(attempt)}`,
  /** Unfinished work of an attempt, as its worker has last pushed it. */
  unfinished: (attempt: AttemptKey): string => `refs/pwt/unfinished/${attemptName(attempt)}`,
  /** What a worker has that comes too late: the attempt was given up. */
  late: (attempt: AttemptKey, worker: string): string => `refs/pwt/late/${attemptName(attempt)}/${worker}`,
  /** A commit that the coordinator has asked for: collected work, a snapshot. Created once: its name says what it is. */
  asked: (runId: string, taskId: string, commit: CommitId): string =>
    `refs/pwt/asked/${runId}/${taskId}/${commit}`,
  /** Logs that are too long for a message. */
  log: (runId: string, name: string): string => `refs/pwt/logs/${runId}/${name}`,
};

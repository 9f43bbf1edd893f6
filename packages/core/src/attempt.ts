import type { TaskFigures } from './figures.js';
import type { ConflictedPath } from './merger.js';
import type { RejectedStatus, TaskFailure, TaskFailureKind } from './summary.js';
import type { CommitId } from './workspace.js';

/** How an attempt ended that was not enough. */
export interface AttemptEnding {
  readonly status: RejectedStatus;
  /** For people. */
  readonly reason: string;
  /** For programs; absent if the end is no failure. */
  readonly failure?: TaskFailure;
}

/** An attempt that has ended and was followed by another one, or is about to be. Times are in milliseconds since the epoch. */
export interface EndedAttempt extends AttemptEnding {
  /** Counts from 1 within the task. */
  readonly number: number;
  /** The name of the agent; absent if it is not known. */
  readonly agent?: string;
  readonly sessionId?: string;
  readonly figures: TaskFigures;
  readonly stateDir?: string;
  readonly dispatchedAt?: number;
  readonly endedAt: number;
  /** The machine that it was on; absent: this machine. */
  readonly machine?: string;
  /** The commit that holds its work, if it was collected. */
  readonly commit?: CommitId;
  /**
   * It does not count against the number of further attempts: its agent could not work, for example at a quota, or was lost with
   * its machine.
   */
  readonly uncounted?: true;
  /** The task had ended with it; the next one is there because the user wanted it. What was before it counts no more. */
  readonly last?: true;
}

/**
 * What a further attempt follows on by itself: how the one before it failed. `early-crash`: its agent ended with an error
 * within seconds of its start, whatever the kind.
 */
export type RetryKind = TaskFailureKind | 'early-crash';

/** What a person is asked about a task. */
export interface Question {
  readonly text: string;
  /** When it was asked, in milliseconds since the epoch; an answer names it. */
  readonly askedAt: number;
  /** What a person has said to it; the agent gets it with its next attempt. */
  readonly answer?: string;
}

/** What the next attempt at a task goes on with, beside the workspace. */
export interface Continuing {
  /** The number of the attempt that it follows. */
  readonly after: number;
  readonly ending: AttemptEnding;
  /** Why that one was not enough, for the agent to read. It comes from outside: text, never a command. */
  readonly feedback: string;
  /** What that attempt has asked, or what was asked about it; with the answer, once there is one. */
  readonly question?: Question;
  /** The agent that made that attempt, and its session: only the same agent can resume it. */
  readonly agent?: string;
  readonly sessionId?: string;
  /** The machine that it was on, and on which alone its session is; absent: this machine. */
  readonly machine?: string;
  /** What could not be merged, and onto which commit. */
  readonly conflict?: { readonly onto: CommitId; readonly paths: readonly ConflictedPath[] };
  /** What became of bringing the workspace onto the new base; absent before that. */
  readonly moved?: MovedWorkspace;
}

/**
 * What became of a workspace that is brought onto another base. `merged`: that base is merged into its branch, or was
 * contained. `conflicted`: the merge is in the workspace, with its markers, for the agent or a person to finish. `kept`: it
 * stays as it was, for this reason.
 */
export type MovedWorkspace =
  | { readonly status: 'merged'; readonly onto: CommitId }
  | { readonly status: 'conflicted'; readonly onto: CommitId; readonly paths: readonly ConflictedPath[] }
  | { readonly status: 'kept'; readonly reason: string };

import type { AgentActivity, AgentFailure, AgentUsage } from '@pwt/core';

/** One line of an agent's stdout, understood. */
export interface Reading {
  /** What the agent is doing. */
  readonly activity?: AgentActivity;
  /** The agent says that it has done its work, or why not. The last one of a run counts. */
  readonly ending?: 'succeeded' | AgentFailure;
  /** What it has used. */
  readonly used?: Used;
  /** What it says to its user, in full. */
  readonly message?: string;
  /** It only says that it tries again: no sign that it gets on. */
  readonly isRetry?: true;
  /** An error that is none to complain of: it goes on, and nothing has come of it. */
  readonly isRemark?: true;
  /** When it says that it can work again, in milliseconds since the epoch. */
  readonly retryAt?: number;
  /** It was not allowed to change a file, or it has changed one. The last one of a run counts. */
  readonly edits?: 'done' | { readonly denied: string };
}

/** A report of what an agent has used, and of what that is the use. */
export interface Used extends AgentUsage {
  /**
   * `step`: one request to the model; steps are added up. `attempt`: everything since the program was started. `session`:
   * everything since the session began, so also what earlier attempts have used that continue in it.
   */
  readonly of: 'step' | 'attempt' | 'session';
  /** Of a step: a later report of the same step takes its place. */
  readonly id?: string;
}

/** Understands one line of stdout; `undefined` if it says nothing of interest. Pure: lines do not depend on each other. */
export type Dialect = (line: string) => Reading | undefined;

import type { AgentActivity, AgentFailure } from '@pwt/core';

/** One line of an agent's stdout, understood. */
export interface Reading {
  /** What the agent is doing. */
  readonly activity?: AgentActivity;
  /** The agent says that it has done its work, or why not. The last one of a run counts. */
  readonly ending?: 'succeeded' | AgentFailure;
}

/** Understands one line of stdout; `undefined` if it says nothing of interest. Pure: lines do not depend on each other. */
export type Dialect = (line: string) => Reading | undefined;

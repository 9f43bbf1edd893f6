import type { AttemptEnding, RunState } from '@pwt/core';
import type { Blame } from '../endings.js';
import { isEarlyCrash } from '../retry-policy.js';
import { agentEnded } from './agent-ended.js';
import { branchHolds } from './branch.js';
import { conflict } from './conflict.js';
import { gateRed } from './gate-red.js';
import { inTheWay } from './in-the-way.js';
import { noChange } from './no-change.js';
import { quote } from './quote.js';

/** What a feedback is made of, beside the state and the ending. */
export interface FeedbackFacts {
  readonly conflict?:
    | { readonly onto: string; readonly paths: readonly { readonly path: string }[] }
    | undefined;
  readonly blame?: Blame | undefined;
  readonly message?: string | undefined;
}

/**
 * Why an attempt was not enough, for the agent of the next one to read. What it quotes is bounded. Empty if there is nothing
 * to say: the next agent then gets its task as the first one did.
 */
export function feedbackOn(
  state: RunState,
  taskId: string,
  ending: AttemptEnding,
  facts: FeedbackFacts,
): string {
  const task = state.tasks.get(taskId);
  if (task === undefined) return '';
  const { message } = facts;
  const isEarly = isEarlyCrash(ending.failure, task.figures);
  const about =
    isEarly && message === undefined
      ? []
      : [why(state, taskId, ending, facts), branchHolds(task), inTheWay(task)];
  const said =
    message === undefined ? [] : ['A person who looked at it says, about this task:', quote(message)];
  return [...about, ...said].filter((paragraph) => paragraph !== undefined).join('\n\n');
}

function why(state: RunState, taskId: string, ending: AttemptEnding, facts: FeedbackFacts): string {
  if (facts.blame !== undefined) return gateRed(facts.blame);
  if (facts.conflict !== undefined) return conflict(state, taskId, facts.conflict.paths);
  return ending.failure?.kind === 'no-change' ? noChange() : agentEnded(ending);
}

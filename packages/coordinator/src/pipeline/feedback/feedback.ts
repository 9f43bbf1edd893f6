import type { AttemptEnding, ConflictedPath, RunState, TaskFailureKind, TaskState } from '@pwt/core';
import type { Blame } from '../endings.js';
import { isEarlyCrash } from '../retry-policy.js';
import { agentEnded } from './agent-ended.js';
import { branchHolds } from './branch.js';
import { conflict } from './conflict.js';
import { gateRed } from './gate-red.js';
import { inTheWay } from './in-the-way.js';
import { machineLost } from './machine-lost.js';
import { noChange } from './no-change.js';
import { notTaken } from './not-taken.js';
import { outsideClaims } from './outside-claims.js';
import { quote } from './quote.js';
import { sentBack } from './sent-back.js';

/** What a feedback is made of, beside the state and the ending. */
export interface FeedbackFacts {
  readonly conflict?: { readonly paths: readonly ConflictedPath[] } | undefined;
  readonly blame?: Blame | undefined;
  /** What a person has to say. */
  readonly message?: string | undefined;
}

/**
 * Why an attempt was not enough, for the agent of the next one to read. What it quotes is bounded. Empty if there is nothing
 * to say: the next agent then gets its task as the first one did.
 */
export function feedbackOn(
  state: RunState,
  task: TaskState,
  ending: AttemptEnding,
  facts: FeedbackFacts,
): string {
  const { message } = facts;
  const said =
    message === undefined ? [] : ['A person who looked at it says, about this task:', quote(message)];
  return [...why(state, task, ending, facts), ...said].join('\n\n');
}

function why(
  state: RunState,
  task: TaskState,
  ending: AttemptEnding,
  facts: FeedbackFacts,
): readonly string[] {
  const judged = judgement(state, task, ending, facts);
  const found = [...branchHolds(task), ...inTheWay(task)];
  if (judged !== undefined) return [judged, ...found];
  // The agent did not come to do what it was told: that still holds.
  const { continues: before } = task;
  const told = before === undefined || before.feedback === '' ? [] : [before.feedback];
  if (ending.failure?.machine !== undefined) {
    const isKnown = told.some((text) => text.includes(machineLost));
    return isKnown ? told : [machineLost, ...found, ...told];
  }
  const isSaid = told.length > 0 && before !== undefined && !isOfTheWork(before.ending);
  if (isSaid || isEarlyCrash(ending.failure, task.figures)) return told;
  return [agentEnded(ending), ...found, ...told];
}

/** What was wrong with the work; `undefined` if it was not the work. */
function judgement(
  state: RunState,
  task: TaskState,
  ending: AttemptEnding,
  { blame, conflict: at }: FeedbackFacts,
): string | undefined {
  if (blame !== undefined) return gateRed(blame);
  if (at !== undefined) return conflict(state, task.task.id, at.paths);
  if (!isOfTheWork(ending)) return undefined;
  switch (ending.failure?.kind) {
    case 'no-change':
      return noChange();
    case 'rejected':
      return sentBack(ending.failure.message);
    case 'outside-claims':
      return outsideClaims(task);
    default:
      return notTaken(ending);
  }
}

const OF_THE_WORK: readonly (TaskFailureKind | undefined)[] = [
  ...(['no-change', 'conflict', 'gate-red', 'gate-timed-out', 'gate-broken'] as const),
  ...(['outside-claims', 'not-collected', 'rejected'] as const),
];

/** True where something was wrong with what the agent has left; otherwise it did not come to its end. */
function isOfTheWork({ failure }: AttemptEnding): boolean {
  return OF_THE_WORK.includes(failure?.kind);
}

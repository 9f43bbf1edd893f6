import { type DeclinedLanding, isReviewed, type RunState, shellQuote } from '@pwt/core';
import type { NextStep } from './next-step.js';

/** What a person can do about work that is ready, and about a choice that did not land. Pure. */
export function reviewSteps(state: RunState, run: string): NextStep[] {
  const ready = [...state.tasks.values()].flatMap(({ outcome, task }) =>
    outcome === 'integrated' ? [task.id] : [],
  );
  if (!isReviewed(state.options) || ready.length === 0) return declinedSteps(state, run);
  const ids = ready.join(' ');
  return [
    ...declinedSteps(state, run),
    {
      action: `Land ${ready.join(', ')}`,
      why: [
        ...blockedText(state),
        `Ready for your review: ${ready.join(', ')}. Name those that you want; with pwt reject, one goes back to its agent.`,
      ],
      taskIds: ready,
      command: `pwt land ${ids}${run}`,
      look: `pwt diff ${ids}${run}`,
    },
  ];
}

/** All of it was to land, and could not. */
function blockedText({ landingBlocked, declined }: RunState): string[] {
  if (landingBlocked === undefined || declined !== undefined) return [];
  const { message, hint } = landingBlocked;
  return [`Not landed: ${message}`, ...(hint === undefined ? [] : [hint])];
}

function declinedSteps({ declined, tasks }: RunState, run: string): NextStep[] {
  if (declined === undefined) return [];
  const { needs, message, hint, kind } = declined;
  const why = [`Not landed: ${message}`, ...(hint === undefined ? [] : [hint])];
  const all = [...tasks.keys()].filter((id) => needs.includes(id) || declined.taskIds.includes(id));
  if (needs.length > 0) {
    const action = `Land ${all.join(', ')} together`;
    return [{ action, why, taskIds: all, command: `pwt land ${all.join(' ')}${run}` }];
  }
  return [
    { why, ...(kind === 'conflict' || kind === 'gate' ? backStep(declined, run) : againStep(declined, run)) },
  ];
}

/** It does not work as it is, whatever lands with it: its agent may bring it onto what is there now. */
function backStep(
  { asked, unjoined, paths = [], kind }: DeclinedLanding,
  run: string,
): Omit<NextStep, 'why'> {
  const taskIds = unjoined === undefined ? asked : [unjoined];
  const files = paths.map(({ path }) => path).join(', ');
  const reason = kind === 'conflict' ? `It conflicts in ${files}.` : 'The gate is red on it alone.';
  return {
    action: `Send ${taskIds.join(', ')} back`,
    taskIds,
    command: `pwt reject ${taskIds.join(' ')} -m ${shellQuote(reason)}${run}`,
  };
}

function againStep({ asked }: DeclinedLanding, run: string): Omit<NextStep, 'why'> {
  return {
    action: `Land ${asked.join(', ')}`,
    taskIds: asked,
    command: `pwt land ${asked.join(' ')}${run}`,
  };
}

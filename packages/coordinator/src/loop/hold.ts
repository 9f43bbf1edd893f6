import { type Blocker, capText, type RunEventPayloads } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/** Why no task may start now, whichever it is: a cap that is reached, or agents that can't work. */
export type Hold = Extract<Blocker, { readonly kind: 'budget' | 'agent' }>;

/** @param isActive whether a task in flight is worked on, and not set aside */
export function holdOnStarts(
  { spending, breaker }: Pick<RunContext, 'spending' | 'breaker'>,
  isActive: (taskId: string) => boolean,
): Hold | undefined {
  const { reached } = spending;
  if (reached) return { kind: 'budget', message: capText(reached) };
  return breaker.blocker(isActive);
}

/** Whether a run that can do nothing else waits for it to pass. A cap only passes when the user raises it, or the day is over. */
export function isWorthWaiting({ breaker }: Pick<RunContext, 'breaker'>, hold: Hold): boolean {
  return hold.kind === 'agent' && breaker.isWorthWaiting(hold.until);
}

/** The end of a run that stops for it. */
export function haltOf(hold: Hold): RunEventPayloads['run-interrupted'] {
  if (hold.kind === 'budget') return { reason: hold.message, because: 'budget' };
  const until = hold.until === undefined ? '' : `, until ${new Date(hold.until).toISOString()}`;
  return { reason: `no agent can work (${hold.message}${until})`, because: 'agents' };
}

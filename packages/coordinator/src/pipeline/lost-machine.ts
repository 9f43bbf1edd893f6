import type { AttemptEnding, TaskState } from '@pwt/core';
import { sinceWanted } from './retry-policy.js';

/** After so many attempts in a row that were lost with their machines, another loss ends the task. */
const MOST_LOST_MACHINES = 5;

/**
 * What follows on an attempt that was lost with its machine: another one that counts against nothing, or with `ending` the end of
 * the task, which may itself be what takes the machines down. `undefined` for every other end. Pure.
 */
export function afterLostMachine(
  { attempts }: Pick<TaskState, 'attempts'>,
  { status, reason, failure }: AttemptEnding,
): { readonly ending?: AttemptEnding } | undefined {
  const machine = failure?.machine;
  if (failure?.kind !== 'lost' || machine === undefined) return undefined;
  const before = machinesLostInARow(attempts);
  if (before.length < MOST_LOST_MACHINES) return {};
  const others = [...new Set(before)].join(', ');
  const why = `${reason}, and so were the ${before.length} attempts before it (on ${others}): no further attempt`;
  return { ending: { status, reason: why, failure: { ...failure, message: why } } };
}

/** The machines of the last attempts that were all lost, the first one first. */
function machinesLostInARow(attempts: TaskState['attempts']): readonly string[] {
  const recent = sinceWanted(attempts);
  const from = recent.findLastIndex(({ failure }) => failure?.machine === undefined) + 1;
  return recent.slice(from).flatMap(({ failure }) => failure?.machine ?? []);
}

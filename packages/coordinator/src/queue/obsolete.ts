import { isWithin, without } from './task-set.js';
import type { Run, View } from './view.js';

/** Whether the verdict on a running probe can tell nothing any more. */
export function isNeedless({ bits, line, evidence, undecided }: View, { probe, tasks }: Run): boolean {
  if (probe.purpose === 'base') return false;
  const integrated = bits.setOf(line.integrated);
  // A task in it is decided, or everything is.
  if (without(tasks, integrated | undecided) !== 0n || isWithin(tasks, integrated)) return true;
  const known = evidence.of(tasks);
  return known !== undefined && (probe.purpose !== 'confirm' || evidence.isGreen(known));
}

/**
 * A running probe that is given up for another one. Either what it tests contains a state that was red meanwhile; or all
 * tasks are finished, and testing what runs together with what has come since ends before two gates in a row would.
 *
 * @param expected how many tasks are still being worked on
 */
export function worthGivingUp(
  { bits, line, evidence, open, running }: View,
  expected: number,
): Run | undefined {
  const doomed = running.find(
    ({ probe, tasks }) =>
      (probe.purpose === 'join' || probe.purpose === 'search') &&
      evidence.red.some((red) => red.tasks !== tasks && isWithin(red.tasks, tasks)),
  );
  if (doomed || expected > 0 || evidence.red.length > 0) return doomed;
  const tested = running.reduce((all, { tasks }) => all | tasks, 0n);
  if (open.every(({ taskId }) => isWithin(bits.bitOf(taskId), tested))) return undefined;
  return running.find(({ probe, sequence }) => probe.purpose === 'join' && line.leadsTo(sequence));
}

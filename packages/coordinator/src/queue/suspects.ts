import type { Tested } from './evidence.js';
import { without } from './task-set.js';
import type { View } from './view.js';

/**
 * Groups of open tasks of which at least one is not green with the rest, from the red states: the smallest ones, without
 * tasks in common.
 */
export function suspectGroups(view: View): string[][] {
  const groups = view.evidence.red
    .map((state) => suspectsOf(view, state))
    .filter((group) => group.length > 0)
    .sort((a, b) => a.length - b.length);
  const suspected = new Set<string>();
  return groups.filter((group) => {
    if (group.some((task) => suspected.has(task))) return false;
    for (const task of group) suspected.add(task);
    return true;
  });
}

/** None, if a task explains the state that is not open any more. */
function suspectsOf({ bits, line, evidence, open }: View, { tasks }: Tested): string[] {
  const integrated = bits.setOf(line.integrated);
  const rest = open.map(({ taskId }) => taskId).filter((task) => (bits.bitOf(task) & tasks) !== 0n);
  if (without(tasks, integrated | bits.setOf(rest)) !== 0n) return [];
  const neverGreen = rest.filter((task) => !evidence.wereGreen(bits.bitOf(task)));
  if (neverGreen.length > 0) return neverGreen;
  // Each is green somewhere: it is their meeting that is red.
  const notGreenHere = rest.filter((task) => !evidence.wereGreen(integrated | bits.bitOf(task)));
  return notGreenHere.length > 0 ? notGreenHere : rest;
}

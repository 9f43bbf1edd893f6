import type { Tested } from './evidence.js';
import { without } from './task-set.js';
import type { View } from './view.js';

/** Open tasks of which at least one is not green with the others. */
export interface SuspectGroup {
  readonly tasks: readonly string[];
  /** The state that says so. */
  readonly red: Tested;
}

/** The smallest groups that the red states tell of, without tasks in common. */
export function suspectGroups(view: View): SuspectGroup[] {
  const groups = view.evidence.red
    .map((red) => ({ tasks: suspectsOf(view, red), red }))
    .filter(({ tasks }) => tasks.length > 0)
    .sort((a, b) => a.tasks.length - b.tasks.length);
  const suspected = new Set<string>();
  return groups.filter(({ tasks }) => {
    if (tasks.some((task) => suspected.has(task))) return false;
    for (const task of tasks) suspected.add(task);
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

import type { Tested } from './evidence.js';
import { Outlook } from './outlook.js';
import { type SuspectGroup, suspectGroups } from './suspects.js';
import { isWithin } from './task-set.js';
import type { View } from './view.js';

/** Above this chance that a red was a flake, the state is tested again before its tasks are told apart. */
const DOUBT = 0.2;

/** What the verdicts tell of the open tasks. Each is in one of the lists, in the order in which they finished. */
export interface Knowledge {
  /** Groups of which at least one task is not green with the others. */
  readonly groups: readonly (readonly string[])[];
  /** States that were red once, and perhaps by a flake: see {@link DOUBT}. */
  readonly doubtful: readonly Tested[];
  /** Tasks that were green with some others. */
  readonly cleared: readonly string[];
  /** Tasks of which nothing is known. */
  readonly fresh: readonly string[];
  readonly outlook: Outlook;
}

export function know(view: View): Knowledge {
  const { bits, open, evidence, estimate } = view;
  const suspects = suspectGroups(view);
  const groups = suspects.map(({ tasks }) => tasks);
  const suspected = new Set(groups.flat());
  const trusted = open.map(({ taskId }) => taskId).filter((task) => !suspected.has(task));
  const isCleared = (task: string) => evidence.wereGreen(bits.bitOf(task));
  const cleared = trusted.filter(isCleared);
  const fresh = trusted.filter((task) => !isCleared(task));
  const outlookOf = (red: readonly (readonly string[])[]) =>
    new Outlook(
      estimate,
      cleared.length,
      red.map((group) => group.length),
    );
  const isDoubtful = ({ tasks, red }: SuspectGroup) => {
    // A larger red state tells the same.
    const reds = evidence.red
      .filter((state) => isWithin(red.tasks, state.tasks))
      .map((state) => evidence.reds(state));
    if (reds.reduce((sum, count) => sum + count, 0) > 1) return false;
    const green = outlookOf(groups.filter((group) => group !== tasks)).allGreen(tasks.length);
    const flake = estimate.flaky * green;
    return flake / (flake + 1 - green) > DOUBT;
  };
  const doubtful = suspects.filter(isDoubtful).map(({ red }) => red);
  return { groups, doubtful, cleared, fresh, outlook: outlookOf(groups) };
}

import { Outlook } from './outlook.js';
import { suspectGroups } from './suspects.js';
import type { View } from './view.js';

/** What the verdicts tell of the open tasks. Each is in one of the lists, in the order in which they finished. */
export interface Knowledge {
  /** Groups of which at least one task is not green with the others. */
  readonly groups: readonly (readonly string[])[];
  /** Tasks that were green with some others. */
  readonly cleared: readonly string[];
  /** Tasks of which nothing is known. */
  readonly fresh: readonly string[];
  readonly outlook: Outlook;
}

export function know(view: View): Knowledge {
  const { bits, open, evidence, estimate } = view;
  const groups = suspectGroups(view);
  const suspected = new Set(groups.flat());
  const trusted = open.map(({ taskId }) => taskId).filter((task) => !suspected.has(task));
  const isCleared = (task: string) => evidence.wereGreen(bits.bitOf(task));
  const cleared = trusted.filter((task) => isCleared(task));
  const fresh = trusted.filter((task) => !isCleared(task));
  const sizes = groups.map((group) => group.length);
  return { groups, cleared, fresh, outlook: new Outlook(estimate, cleared.length, sizes) };
}

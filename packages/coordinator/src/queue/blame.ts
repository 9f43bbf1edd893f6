import type { Tested } from './evidence.js';
import { findPartner } from './partner.js';
import type { Candidate, View } from './view.js';

/** A task that a red state is due to, or seems to be. */
export interface Suspicion {
  readonly taskId: string;
  /** Tested, without the task. */
  readonly green: readonly string[];
  /** The same with the task. */
  readonly red: Tested;
}

export interface Blame extends Suspicion {
  readonly partner?: string;
}

/** What is known about a suspicion: who is to blame, or the states to test before that. */
export type Inquiry = { readonly blame: Blame } | { readonly missing: readonly Candidate[] };

/** Open tasks with a green state without them that is red with them. */
export function suspicions(view: View): Suspicion[] {
  const { evidence, open } = view;
  const red = evidence.red();
  return open.flatMap(({ taskId }) => {
    for (const state of red) {
      if (!state.tasks.has(taskId)) continue;
      const without = [...state.tasks].filter((task) => task !== taskId);
      const green = evidence.of(without);
      const verdict = green && evidence.greenVerdict(green);
      if (verdict) return [{ taskId, green: verdict.sequence, red: state }];
    }
    return [];
  });
}

/**
 * No task is blamed for a flake: the red was seen twice on the same state, and as often as the rate of flaky gates demands on
 * this state and others that only this task can explain.
 */
export function inquire(view: View, suspicion: Suspicion): Inquiry {
  const { evidence, estimate } = view;
  const { taskId, red } = suspicion;
  const again: Candidate = { sequence: sequenceOf(red), purpose: 'confirm' };
  const alone = evidence.of([taskId]);
  const missing: Candidate[] = [];
  // On the base alone: another red is as good as a second look, and a green says that it takes two.
  if (!alone && red.tasks.size > 1 && !evidence.wereGreen([taskId])) {
    missing.push({ sequence: [taskId], purpose: 'confirm' });
  }
  const lacking = Math.max(2 - evidence.reds(red), estimate.neededReds - independentReds(view, taskId));
  for (let count = missing.length; count < lacking; count += 1) missing.push(again);
  if (missing.length > 0) return { missing };
  if (!evidence.wereGreen([taskId])) return { blame: suspicion };
  const search = findPartner(view, suspicion);
  return 'missing' in search ? search : { blame: { ...suspicion, ...search } };
}

/** As it was tested last. */
export function sequenceOf({ verdicts }: Tested): readonly string[] {
  return verdicts.at(-1)?.sequence ?? [];
}

/** How often a state was red that is green without the task. */
function independentReds({ evidence }: View, taskId: string): number {
  let reds = 0;
  for (const state of evidence.red()) {
    if (!state.tasks.has(taskId)) continue;
    const others = [...state.tasks].filter((task) => task !== taskId);
    if (evidence.wereGreen(others)) reds += evidence.reds(state);
  }
  return reds;
}

import type { Tested } from './evidence.js';
import { findPartner } from './partner.js';
import { isWithin, without } from './task-set.js';
import type { Candidate, OpenTask, View } from './view.js';

/** A task that a red state is due to, or seems to be. */
export interface Suspicion {
  readonly task: OpenTask;
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

/** Open tasks with a green state without them that is red with them: of several the one that was seen red most often. */
export function suspicions({ bits, line, evidence, open, undecided }: View): Suspicion[] {
  const present = bits.setOf(line.integrated) | undecided;
  const red = evidence.red.filter(({ tasks }) => isWithin(tasks, present));
  return open.flatMap((task) => {
    const bit = bits.bitOf(task.taskId);
    let best: Suspicion | undefined;
    for (const state of red) {
      if ((state.tasks & bit) === 0n || (best && evidence.reds(best.red) >= evidence.reds(state))) continue;
      const others = evidence.of(without(state.tasks, bit));
      const verdict = others && evidence.greenVerdict(others);
      if (verdict) best = { task, green: verdict.sequence, red: state };
    }
    return best ?? [];
  });
}

/**
 * No task is blamed for a flake: the red was seen at least twice, and as often as the rate of flaky gates demands, on this
 * state and others that only this task can explain.
 */
export function inquire(view: View, suspicion: Suspicion): Inquiry {
  const { bits, line, evidence, estimate } = view;
  const { task, red } = suspicion;
  const again: Candidate = { sequence: sequenceOf(red), purpose: 'confirm' };
  const alone = [...line.before(task.base), task.taskId];
  const isGreenAlone = evidence.wereGreen(bits.setOf(alone));
  const missing: Candidate[] = [];
  // On the tip that it started from: a red there is as good as a second look, and a green says that it takes two.
  if (!isGreenAlone && !evidence.of(bits.setOf(alone)) && !view.isRefused(alone))
    missing.push({ sequence: alone, purpose: 'confirm' });
  const lacking = estimate.neededReds - redsOf(view, task);
  while (missing.length < lacking) missing.push(again);
  if (missing.length > 0) return { missing };
  if (!isGreenAlone) return { blame: suspicion };
  const search = findPartner(view, suspicion);
  return 'missing' in search ? search : { blame: { ...suspicion, ...search } };
}

/** As it was tested last. */
export function sequenceOf({ verdicts }: Tested): readonly string[] {
  return verdicts.at(-1)?.sequence ?? [];
}

/** How often a state was red that is green without the task. */
function redsOf({ bits, evidence }: View, { taskId }: OpenTask): number {
  const bit = bits.bitOf(taskId);
  return evidence.red
    .filter(({ tasks }) => (tasks & bit) !== 0n && evidence.wereGreen(without(tasks, bit)))
    .reduce((sum, state) => sum + evidence.reds(state), 0);
}

import type { Suspicion } from './blame.js';
import type { Candidate, View } from './view.js';

/**
 * The task without which the suspected one is green: the others are joined in their order, and the suspected one last. The
 * first of them with which that is red is the partner, found by a binary search.
 *
 * @returns the partner if there is one, or the states to test next, the most useful first
 */
export function findPartner(
  view: View,
  { task, red }: Suspicion,
): { readonly partner?: string } | { readonly missing: readonly Candidate[] } {
  const { bits, line, evidence } = view;
  const others = (red.verdicts.at(-1)?.sequence ?? []).filter((other) => other !== task.taskId);
  const after = (count: number) => [...others.slice(0, count), task.taskId];
  const setAfter = (count: number) => bits.setOf(after(count));
  const start = line.before(task.base).length;

  let green = start;
  for (let count = start; count < others.length; count += 1) {
    if (evidence.wereGreen(setAfter(count))) green = count;
  }
  let first = others.length;
  for (let count = others.length - 1; count > green; count -= 1) {
    if (evidence.red.some(({ tasks }) => tasks === setAfter(count))) first = count;
  }
  if (first - green > 1) {
    const at = [1 / 2, 1 / 4, 3 / 4].map((share) => green + Math.round((first - green) * share));
    const inside = [...new Set(at)].filter((count) => count > green && count < first);
    const possible = inside.filter((count) => !view.isRefused(after(count)));
    // Which of those in between it is can't be tested: none is named.
    if (possible.length === 0) return {};
    return { missing: possible.map((count) => ({ sequence: after(count), purpose: 'partner' })) };
  }
  const state = evidence.of(setAfter(first));
  const isSteady = view.estimate.flaky < 0.01;
  if (state && evidence.reds(state) < 2 && !isSteady)
    return { missing: [{ sequence: after(first), purpose: 'confirm' }] };
  const partner = others[first - 1];
  return partner === undefined ? {} : { partner };
}

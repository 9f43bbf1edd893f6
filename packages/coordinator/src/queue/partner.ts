import type { Suspicion } from './blame.js';
import type { Candidate, View } from './view.js';

/**
 * The task without which the suspected one is green: a binary search between its largest green state and its smallest red
 * one.
 *
 * @returns the partner if there is one, or the state to test next
 */
export function findPartner(
  { evidence }: View,
  { taskId, red }: Suspicion,
): { readonly partner?: string } | { readonly missing: readonly Candidate[] } {
  const others = (tasks: Iterable<string>) => [...tasks].filter((task) => task !== taskId);
  const smallestRed = evidence
    .red()
    .filter(({ tasks }) => tasks.has(taskId) && evidence.wereGreen(others(tasks)))
    .reduce((least, state) => (state.tasks.size < least.tasks.size ? state : least), red);
  const sequence = smallestRed.verdicts.at(-1)?.sequence ?? [];
  const beyond = evidence
    .green()
    .filter(({ tasks }) => tasks.has(taskId))
    .map(({ tasks }) => sequence.filter((task) => !tasks.has(task)))
    .reduce((least, candidates) => (candidates.length < least.length ? candidates : least));
  if (beyond.length === 0) return {};
  if (beyond.length > 1) {
    const left = new Set(beyond.slice(Math.ceil(beyond.length / 2)));
    const half = sequence.filter((task) => !left.has(task) && task !== taskId);
    return { missing: [{ sequence: [...half, taskId], purpose: 'partner' }] };
  }
  if (evidence.reds(smallestRed) < 2) {
    return { missing: [{ sequence, purpose: 'confirm' }] };
  }
  const [partner] = beyond;
  return partner === undefined ? {} : { partner };
}

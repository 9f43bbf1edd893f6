import { seededRandom } from '../lib/random.mjs';

const FOLDS = 5;

/**
 * Deals tasks out to five folds at random, as evenly as their number allows. The same for every run with a seed.
 *
 * @param {number} tasks
 * @param {number} seed
 * @returns {readonly number[]} the fold of each
 */
export function foldsOf(tasks, seed) {
  const random = seededRandom(seed);
  const left = Array.from({ length: tasks }, (_, at) => at % FOLDS);
  return Array.from({ length: tasks }, () => left.splice(random.below(left.length), 1)[0] ?? 0);
}

/**
 * Every two folds that the tasks of a pair may be in, the same one twice included: as many fits are needed if none
 * may have seen either task of a pair that it judges.
 *
 * @type {readonly (readonly [number, number])[]}
 */
export const HELD_OUT = Array.from({ length: FOLDS }, (_, a) =>
  Array.from({ length: FOLDS - a }, (_, more) => /** @type {const} */ ([a, a + more])),
).flat();

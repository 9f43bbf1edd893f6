/**
 * Random numbers that are the same in every run (mulberry32).
 *
 * @param {number} seed
 * @returns {{below(limit: number): number, pick<T>(values: readonly T[]): T}}
 */
export function seededRandom(seed) {
  let state = seed;
  const below = (/** @type {number} */ limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    pick: (values) => /** @type {(typeof values)[number]} */ (values[below(values.length)]),
  };
}

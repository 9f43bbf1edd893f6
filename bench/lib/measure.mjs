import { performance } from 'node:perf_hooks';

/**
 * Measures variants in turns (A B C, A B C, …), so that whatever else the machine does falls on all of them, after
 * one round that does not count.
 *
 * @template {string} Name
 * @param {Record<Name, () => number | Promise<number>>} variants Each runs once and returns its figure.
 * @param {{rounds: number, warmUp?: boolean}} options
 * @returns {Promise<Record<Name, number[]>>} the figures by variant, by round
 */
export async function inTurns(variants, { rounds, warmUp = true }) {
  const names = /** @type {Name[]} */ (Object.keys(variants));
  /** @type {[Name, number[]][]} */
  const empty = names.map((name) => [name, []]);
  const figures = /** @type {Record<Name, number[]>} */ (Object.fromEntries(empty));
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    for (const name of names) {
      const figure = await variants[name]();
      if (round >= 0) figures[name].push(figure);
    }
  }
  return figures;
}

/**
 * Milliseconds that a piece of work takes.
 *
 * @param {() => unknown} work
 * @returns {number}
 */
export function timeMs(work) {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

/**
 * @param {readonly number[]} figures
 * @returns {number}
 */
export function median(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [Math.ceil(middle) - 1, Math.floor(middle)].map((at) => sorted[at] ?? Number.NaN);
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/**
 * The ratio of each round, so that a slow moment of the machine counts on both sides.
 *
 * @param {readonly number[]} figures
 * @param {readonly number[]} baseline
 * @returns {number[]}
 */
export function ratios(figures, baseline) {
  return figures.map((figure, round) => figure / (baseline[round] ?? Number.NaN));
}

/**
 * How far figures lie apart: (largest − smallest) / median.
 *
 * @param {readonly number[]} figures
 * @returns {number}
 */
export function spread(figures) {
  return (Math.max(...figures) - Math.min(...figures)) / median(figures);
}

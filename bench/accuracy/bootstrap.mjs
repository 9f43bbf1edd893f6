import { seededRandom } from '../lib/random.mjs';

const SEED = 20261126;

/**
 * A statistic of a sample in which each task occurs a number of times; of a pair, the product of both counts.
 *
 * @typedef {(times: readonly number[]) => number} Statistic
 *
 * @typedef {object} Estimate
 * @property {number} value Of the tasks as they are.
 * @property {readonly [low: number, high: number]} interval 95 % of the resampled values.
 *
 * @typedef {object} Samples How often each task occurs, per sample.
 * @property {readonly number[]} asIs Once.
 * @property {readonly (readonly number[])[]} drawn With replacement.
 */

/**
 * The tasks as they are, and samples of as many drawn from them with replacement. The same in every run.
 *
 * @param {number} tasks
 * @param {number} draws
 * @returns {Samples}
 */
export function resamples(tasks, draws) {
  const random = seededRandom(SEED);
  const drawn = Array.from({ length: draws }, () => {
    const times = Array.from({ length: tasks }, () => 0);
    for (let count = 0; count < tasks; count += 1) {
      const at = random.below(tasks);
      times[at] = (times[at] ?? 0) + 1;
    }
    return times;
  });
  return { asIs: Array.from({ length: tasks }, () => 1), drawn };
}

/**
 * Samples for which the statistic makes no sense (`NaN`: no colliding pair was drawn, say) are left out.
 *
 * @param {Statistic} statistic
 * @param {Samples} samples
 * @returns {Estimate}
 */
export function estimate(statistic, { asIs, drawn }) {
  const values = drawn
    .map(statistic)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  return { value: statistic(asIs), interval: [quantile(values, 0.025), quantile(values, 0.975)] };
}

/**
 * @param {readonly number[]} sorted
 * @param {number} share
 */
function quantile(sorted, share) {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return below + (at - Math.floor(at)) * (above - below);
}

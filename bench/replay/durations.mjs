import { seededRandom } from '../lib/random.mjs';

const MEDIAN_MS = 600_000;
const SIGMA = 0.6;
const STEPS = 1_000_000;

/**
 * How long each task takes: log-normal around ten minutes, so that two thirds need between 5½ and 18 minutes. The
 * corpora don't say, and the planner does not know.
 *
 * @param {readonly string[]} ids
 * @param {number} seed
 * @returns {ReadonlyMap<string, number>}
 */
export function randomDurationsMs(ids, seed) {
  const random = seededRandom(seed);
  const uniform = () => (random.below(STEPS) + 1) / (STEPS + 1);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return new Map(ids.map((id) => [id, MEDIAN_MS * Math.exp(SIGMA * normal())]));
}

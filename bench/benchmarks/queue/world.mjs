import { seededRandom } from '../../lib/random.mjs';

/**
 * What is true of the tasks, and what a policy has to find out.
 *
 * @typedef {object} World
 * @property {readonly string[]} tasks In the order in which they finish.
 * @property {ReadonlyMap<string, number>} finishedAt In units of a gate's time.
 * @property {(tasks: readonly string[]) => boolean} isRed Whether this is red, whatever a gate says.
 * @property {() => boolean} flakes Whether the next gate that would be green is red.
 */

/**
 * @typedef {object} WorldOptions
 * @property {number} seed
 * @property {number} [count] Of tasks. Default: 32.
 * @property {number} rate How many of the tasks are at fault, 0–1, independently of each other.
 * @property {number} [pairs] Which share of the faults is red only together with another task. Default: 0.
 * @property {number} [flakes] How many gates are red that should be green. Default: 0.
 * @property {number} [culprits] So many tasks are at fault, whatever the rate.
 * @property {number} [waves] So many tasks finish at a time, one unit of time after the other.
 * @property {number} [spread] Over how many units of time the tasks finish, evenly. Default: 0.
 */

/**
 * @param {WorldOptions} options
 * @returns {World & {faulty: ReadonlySet<string>, partners: ReadonlyMap<string, string>}}
 */
export function createWorld({
  seed,
  count = 32,
  rate,
  pairs = 0,
  flakes = 0,
  spread = 0,
  culprits = 0,
  waves = 0,
}) {
  const random = seededRandom(seed);
  const chance = (/** @type {number} */ probability) => random.below(1e6) < probability * 1e6;
  const tasks = Array.from({ length: count }, (_, at) => `${at + 1}`);
  const faulty = new Set();
  const partners = new Map();
  for (const task of tasks) {
    if (!chance(rate)) continue;
    if (chance(pairs)) partners.set(task, random.pick(tasks.filter((other) => other !== task)));
    else faulty.add(task);
  }
  while (faulty.size < culprits) faulty.add(random.pick(tasks));
  return {
    tasks,
    faulty,
    partners,
    finishedAt: new Map(
      tasks.map((task, at) => [task, waves > 0 ? Math.floor(at / waves) + 1 : (spread * at) / count]),
    ),
    isRed: (joined) =>
      joined.some((task) => faulty.has(task) || joined.includes(/** @type {string} */ (partners.get(task)))),
    flakes: () => chance(flakes),
  };
}

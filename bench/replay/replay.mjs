import { firstCome, scheduled, waves } from './dispatchers.mjs';
import { randomDurationsMs } from './durations.mjs';
import { originalPaths } from './original-rule.mjs';
import { planFromText, planFromTruth, planWithHidden } from './plan.mjs';
import { overlap, play } from './play.mjs';

/**
 * @typedef {object} ReplayOptions
 * @property {import('./scheduler.mjs').SchedulerClass} Scheduler
 * @property {readonly number[]} instances
 * @property {number} repeats With other durations each time.
 * @property {number} [hidden] The fraction of tasks whose texts are taken to name no file; plays the two ways to run those.
 *
 * @typedef {(instances: number) => import('./play.mjs').Dispatcher} Rule Begins a run.
 *
 * @typedef {object} ReplayRow
 * @property {string} rule
 * @property {number} instances
 * @property {number} speedup Over one task at a time, from the mean of the makespans.
 * @property {number} redos Mean per run.
 * @property {number} work What was done, redone work included, by what had to be done.
 */

/**
 * Plays a corpus by every rule.
 *
 * @param {import('./corpus.mjs').Corpus} corpus
 * @param {ReplayOptions} options
 * @returns {ReplayRow[]}
 */
export function replay(corpus, { Scheduler, instances, repeats, hidden }) {
  const ids = corpus.tasks.map(({ id }) => id);
  const changed = new Map(corpus.tasks.map((task) => [task.id, task.changed]));
  const runs = Array.from({ length: repeats }, (_, seed) => randomDurationsMs(ids, seed + 1));
  return Object.entries(rulesFor(corpus, Scheduler, hidden)).flatMap(([rule, begin]) =>
    instances.map((count) => {
      const outcomes = runs.map((durationsMs) => ({
        needMs: sum(durationsMs.values()),
        ...play({ dispatcher: begin(count), instances: count, durationsMs, changed }),
      }));
      const total = (/** @type {'needMs' | 'makespanMs' | 'redos' | 'workMs'} */ key) =>
        sum(outcomes.map((outcome) => outcome[key]));
      return {
        rule,
        instances: count,
        speedup: total('needMs') / total('makespanMs'),
        redos: total('redos') / repeats,
        work: total('workMs') / total('needMs'),
      };
    }),
  );
}

/**
 * @param {import('./corpus.mjs').Corpus} corpus
 * @param {import('./scheduler.mjs').SchedulerClass} Scheduler
 * @param {number} [hidden]
 * @returns {Record<string, Rule>}
 */
function rulesFor(corpus, Scheduler, hidden) {
  const ids = corpus.tasks.map(({ id }) => id);
  const plan = planFromText(corpus);
  const truth = planFromTruth(corpus);
  const found = new Map(corpus.tasks.map(({ id, text }) => [id, originalPaths(text)]));
  const share = (/** @type {string} */ a, /** @type {string} */ b) => overlap(found.get(a), found.get(b));
  const touched = new Map(truth.tasks.map(({ id, claims }) => [id, claims]));
  const { risk: _, ...withoutRisk } = plan;
  /** @type {(given: typeof withoutRisk, separation: 'strict' | 'balanced' | 'eager') => Rule} */
  const pwt = (given, separation) => (maxInstances) =>
    scheduled(Scheduler, given, { separation, maxInstances }, touched);
  return {
    'one by one': () => waves(ids, { instances: 1, share }),
    'all at once': () => firstCome(ids),
    'original pair rule, in waves': (instances) => waves(ids, { instances, share }),
    'pwt, eager': pwt(plan, 'eager'),
    'pwt, balanced, without risk': pwt(withoutRisk, 'balanced'),
    'pwt, balanced': pwt(plan, 'balanced'),
    'pwt, strict': pwt(plan, 'strict'),
    ...(hidden === undefined
      ? {}
      : Object.fromEntries(
          /** @type {const} */ (['alone', 'together']).map((unknownScope) => [
            `pwt, balanced, ${Math.round(100 * hidden)} % name no file: ${unknownScope}`,
            pwt(planWithHidden(corpus, { hidden, unknownScope }), 'balanced'),
          ]),
        )),
    oracle: pwt(truth, 'strict'),
  };
}

/** @param {Iterable<number>} values */
function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

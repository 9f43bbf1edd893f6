import { estimate } from './bootstrap.mjs';
import { ratesOf } from './counts.mjs';
import { expandPredictions } from './predictions.mjs';

/**
 * The files that a task was predicted to change beside those that it changed. Patterns may match what was there
 * when it began and what it really changed.
 *
 * @param {import('../replay/corpus.mjs').ReplayTask} task
 * @param {readonly string[]} patterns
 * @param {(path: string) => boolean} isBookkeeping
 * @returns {import('./counts.mjs').Counts}
 */
export function countFiles({ tree, changed, specPath }, patterns, isBookkeeping) {
  const { files } = expandPredictions(patterns, [...tree, ...changed]);
  const said = [...files].filter((file) => !isBookkeeping(file) && file !== specPath);
  const hits = said.filter((file) => changed.has(file)).length;
  return { hits, wrong: said.length - hits, missed: changed.size - hits };
}

/**
 * Means over tasks; a rate that makes no sense for a task is left out of its mean.
 *
 * @param {readonly import('./counts.mjs').Counts[]} counts One per task.
 * @param {import('./bootstrap.mjs').Samples} samples
 * @returns {Record<keyof import('./counts.mjs').Rates, import('./bootstrap.mjs').Estimate>}
 */
export function fileScores(counts, samples) {
  const rates = counts.map(ratesOf);
  const mean = (/** @type {keyof import('./counts.mjs').Rates} */ key) =>
    estimate((times) => {
      let [total, tasks] = [0, 0];
      for (const [at, { [key]: rate }] of rates.entries()) {
        const count = Number.isNaN(rate) ? 0 : (times[at] ?? 0);
        if (count > 0) total += count * rate;
        tasks += count;
      }
      return total / tasks;
    }, samples);
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

import { overlap } from '../replay/play.mjs';
import { estimate } from './bootstrap.mjs';
import { ratesOf } from './counts.mjs';
import { expandPredictions } from './predictions.mjs';

/**
 * @typedef {object} Pair Two tasks of a corpus, by their places in it.
 * @property {number} a
 * @property {number} b
 * @property {boolean} collides They changed a common file.
 *
 * @typedef {Pair & {said: boolean}} PredictedPair
 *
 * @typedef {'precision' | 'recall' | 'f1' | 'npv' | 'yield'} PairScore
 */

/**
 * Every pair of tasks, once.
 *
 * @param {readonly import('../replay/corpus.mjs').ReplayTask[]} tasks
 * @returns {Pair[]}
 */
export function pairsOf(tasks) {
  return tasks.flatMap(({ changed }, a) =>
    tasks.slice(a + 1).map((other, at) => ({ a, b: a + 1 + at, collides: overlap(changed, other.changed) })),
  );
}

/**
 * Whether the predictions of two tasks share a file, or a pattern of one matches a file of the other that only this
 * other one knows of. Here patterns match what was there when the task began, not what it will make.
 *
 * @param {import('../replay/corpus.mjs').Corpus} corpus
 * @param {readonly (readonly string[])[]} patterns One list per task.
 * @returns {PredictedPair[]}
 */
export function predictPairs({ tasks, isBookkeeping }, patterns) {
  const expansions = tasks.map(({ tree }, at) => {
    const { files, mayMatch } = expandPredictions(patterns[at] ?? [], tree);
    return { files: new Set([...files].filter((file) => !isBookkeeping(file))), mayMatch };
  });
  return pairsOf(tasks).map((pair) => {
    const [a, b] = [expansions[pair.a], expansions[pair.b]];
    const said =
      a !== undefined &&
      b !== undefined &&
      (overlap(a.files, b.files) || [...b.files].some(a.mayMatch) || [...a.files].some(b.mayMatch));
    return { ...pair, said };
  });
}

/**
 * Over all pairs at once. `npv`: how many of the pairs that are said to be safe are; `yield`: how many of those that
 * are safe are said to be.
 *
 * @param {readonly PredictedPair[]} pairs
 * @param {import('./bootstrap.mjs').Samples} samples
 * @returns {Record<PairScore, import('./bootstrap.mjs').Estimate>}
 */
export function pairScores(pairs, samples) {
  const score = (/** @type {PairScore} */ key) =>
    estimate((times) => {
      const counts = { hits: 0, wrong: 0, missed: 0, safe: 0 };
      for (const { a, b, collides, said } of pairs) {
        const outcome = said ? (collides ? 'hits' : 'wrong') : collides ? 'missed' : 'safe';
        counts[outcome] += (times[a] ?? 0) * (times[b] ?? 0);
      }
      const { wrong, missed, safe } = counts;
      if (key === 'npv') return safe / (safe + missed);
      return key === 'yield' ? safe / (safe + wrong) : ratesOf(counts)[key];
    }, samples);
  return {
    precision: score('precision'),
    recall: score('recall'),
    f1: score('f1'),
    npv: score('npv'),
    yield: score('yield'),
  };
}

import { createRiskLookup, fitIntercept } from '@pwt/risk';
import { HELD_OUT } from './folds.mjs';
import { without } from './known.mjs';
import { fitCoefficients } from './refit.mjs';

/**
 * @typedef {import('./known.mjs').KnownCorpus} KnownCorpus
 *
 * @typedef {object} Judgement The chance that a pair collides, by a fit that has seen neither of its tasks.
 * @property {number} fit Which one.
 * @property {number} claims How often pairs with this relation of the claims collided.
 * @property {number} model The model as it is.
 * @property {number} modelHere With the repository's intercept.
 * @property {number} refit All of its numbers fitted, with the repository's intercept.
 *
 * @typedef {import('./pairs.mjs').Pair & {conflict: boolean} & Judgement} JudgedPair
 */

/**
 * Judges every pair of every corpus by what the tasks outside the folds of its two tasks teach. The numbers of the
 * model are fitted to all corpora together, intercepts and rates of relations to each alone.
 *
 * @param {readonly KnownCorpus[]} corpora
 * @returns {JudgedPair[][]} one list per corpus
 */
export function judgePairs(corpora) {
  const judged = corpora.map(() => /** @type {JudgedPair[]} */ ([]));
  for (const [fit, held] of HELD_OUT.entries()) {
    const seen = corpora.map((corpus) => without(corpus, held));
    const coefficients = fitCoefficients(seen);
    for (const [at, corpus] of corpora.entries()) {
      const judge = judgeOf(corpus, seen[at] ?? { tasks: [], pairs: [] }, coefficients);
      for (const known of corpus.pairs) {
        const folds = [known.a.fold, known.b.fold].sort();
        if (folds[0] !== held[0] || folds[1] !== held[1]) continue;
        judged[at]?.push({ ...known.pair, conflict: known.conflict, fit, ...judge(known) });
      }
    }
  }
  return judged;
}

/**
 * @param {KnownCorpus} corpus
 * @param {KnownCorpus} seen The part of it that may be learned from.
 * @param {import('@pwt/risk').RiskCoefficients} coefficients
 * @returns {(pair: import('./known.mjs').KnownPair) => Omit<Judgement, 'fit'>}
 */
function judgeOf(corpus, seen, coefficients) {
  const observed = seen.pairs.map(({ a, b, pair }) => ({
    a: a.evidence,
    b: b.evidence,
    overlapped: pair.collides,
  }));
  const evidence = corpus.tasks.map((task) => task.evidence);
  const model = createRiskLookup(evidence);
  const modelHere = createRiskLookup(evidence, { repositoryIntercept: fitIntercept(observed) });
  const refit = createRiskLookup(evidence, {
    coefficients,
    repositoryIntercept: fitIntercept(observed, coefficients),
  });
  const rates = { conflict: rateOf(seen.pairs, true), none: rateOf(seen.pairs, false) };
  return ({ a, b, conflict }) => {
    const ids = /** @type {const} */ ([a.evidence.taskId, b.evidence.taskId]);
    return {
      claims: conflict ? rates.conflict : rates.none,
      model: model(...ids),
      modelHere: modelHere(...ids),
      refit: refit(...ids),
    };
  };
}

/**
 * How often pairs with a relation collided, with one imagined pair of each outcome, so that few pairs prove nothing.
 *
 * @param {KnownCorpus['pairs']} pairs
 * @param {boolean} conflicting
 */
function rateOf(pairs, conflicting) {
  const alike = pairs.filter(({ conflict }) => conflict === conflicting);
  return (alike.filter(({ pair }) => pair.collides).length + 1) / (alike.length + 2);
}

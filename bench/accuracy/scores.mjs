import { estimate } from './bootstrap.mjs';
import { aucOf, brierOf } from './quality.mjs';

/**
 * @typedef {import('./judge.mjs').JudgedPair} JudgedPair
 * @typedef {import('./bootstrap.mjs').Estimate} Estimate
 * @typedef {import('./bootstrap.mjs').Samples} Samples
 * @typedef {(pair: JudgedPair) => number} Forecaster
 */

/**
 * How good the probabilities are, those of the claims and base rate beside them.
 *
 * @param {readonly JudgedPair[]} pairs
 * @param {Samples} samples
 * @returns {Record<string, Estimate>} by the name of the row
 */
export function probabilityScores(pairs, samples) {
  const rate = collideRate(pairs);
  const auc = (/** @type {Forecaster} */ of) => estimate(aucOf(forecastsOf(pairs, of)), samples);
  const brier = (/** @type {Forecaster} */ of) => estimate(brierOf(forecastsOf(pairs, of)), samples);
  return {
    'AUC, claims conflict or not': auc(({ conflict }) => Number(conflict)),
    'AUC, the model': auc(({ model }) => model),
    'AUC, refitted on other tasks': auc(({ refit }) => refit),
    'Brier, base rate only': brier(() => rate),
    'Brier, claims, with their rates on other tasks': brier(({ claims }) => claims),
    'Brier, the model, no intercept': brier(({ model }) => model),
    'Brier, the model, intercept from other tasks': brier(({ modelHere }) => modelHere),
    'Brier, refitted on other tasks': brier(({ refit }) => refit),
  };
}

/**
 * What the model is better by than the claims, within each sample, so that the interval says whether it is.
 *
 * @param {readonly JudgedPair[]} pairs
 * @param {Samples} samples
 * @returns {{auc: Estimate, brier: Estimate}}
 */
export function gainOverClaims(pairs, samples) {
  const claims = forecastsOf(pairs, (pair) => pair.claims);
  const model = forecastsOf(pairs, ({ modelHere }) => modelHere);
  const [verdict, ranked] = [aucOf(forecastsOf(pairs, ({ conflict }) => Number(conflict))), aucOf(model)];
  const [before, after] = [brierOf(claims), brierOf(model)];
  return {
    auc: estimate((times) => ranked(times) - verdict(times), samples),
    brier: estimate((times) => before(times) - after(times), samples),
  };
}

/**
 * @param {readonly JudgedPair[]} pairs
 * @param {Forecaster} probability
 */
function forecastsOf(pairs, probability) {
  return pairs.map((pair) => ({ ...pair, probability: probability(pair) }));
}

/**
 * The share of pairs that collided.
 *
 * @param {readonly JudgedPair[]} pairs
 */
export function collideRate(pairs) {
  return pairs.filter(({ collides }) => collides).length / pairs.length;
}

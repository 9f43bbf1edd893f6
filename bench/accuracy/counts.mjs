/**
 * What was said beside what was so.
 *
 * @typedef {object} Counts
 * @property {number} hits Said, and so.
 * @property {number} wrong Said, and not so.
 * @property {number} missed Not said, but so.
 *
 * @typedef {object} Rates
 * @property {number} precision `NaN` where nothing was said.
 * @property {number} recall `NaN` where nothing was so.
 * @property {number} f1 `NaN` only where nothing was said and nothing was so.
 */

/**
 * @param {Counts} counts
 * @returns {Rates}
 */
export function ratesOf({ hits, wrong, missed }) {
  return {
    precision: hits / (hits + wrong),
    recall: hits / (hits + missed),
    f1: (2 * hits) / (2 * hits + wrong + missed),
  };
}

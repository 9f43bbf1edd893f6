/**
 * Columns whose cells are texts already.
 *
 * @param {readonly string[]} names
 */
export function textColumns(names) {
  return Object.fromEntries(names.map((name) => [name, /** @type {const} */ ('text')]));
}

/**
 * A value with its interval: `.57 [.30, .84]`.
 *
 * @param {import('./bootstrap.mjs').Estimate | undefined} estimate
 * @param {number} [digits]
 */
export function estimated(estimate, digits = 2) {
  if (!estimate) return '';
  const [low, high] = estimate.interval;
  return `${decimal(estimate.value, digits)} [${decimal(low)}, ${decimal(high)}]`;
}

/**
 * A fraction without its leading zero; a dash for `NaN`.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function decimal(value, digits = 2) {
  return Number.isNaN(value)
    ? '–'
    : value
        .toFixed(digits)
        .replace(/^(-?)0\./, '$1.')
        .replace('-', '−');
}

/**
 * As {@link decimal}, with no more digits than it has.
 *
 * @param {number} edge
 */
export function short(edge) {
  return String(edge).replace(/^0\./, '.');
}

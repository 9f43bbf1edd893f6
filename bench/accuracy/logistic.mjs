/**
 * Keeps coefficients finite where a feature tells everything; next to nothing elsewhere.
 *
 * @type {number}
 */
const RIDGE = 0.01;
const STEPS = 50;

/**
 * @typedef {object} Observation
 * @property {readonly number[]} features
 * @property {boolean} outcome
 */

/**
 * The coefficients under which the observations are most likely: logit p = c₀ + Σ cᵢ·featureᵢ. By Newton's method,
 * with a trace of a pull towards 0 on all but c₀.
 *
 * @param {readonly Observation[]} observations At least one; all with as many features.
 * @returns {number[]} c₀, then one per feature
 */
export function fitLogistic(observations) {
  const rows = observations.map(({ features, outcome }) => ({ x: [1, ...features], y: outcome ? 1 : 0 }));
  const size = rows[0]?.x.length ?? 1;
  const at = Array.from({ length: size }, (_, index) => index);
  let fitted = at.map(() => 0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = at.map((i) => (i === 0 ? 0 : -RIDGE * (fitted[i] ?? 0)));
    const curvature = at.map((i) => at.map((j) => (i === j && i > 0 ? RIDGE : 0)));
    for (const { x, y } of rows) {
      const p = 1 / (1 + Math.exp(-dot(x, fitted)));
      for (const i of at) {
        const xi = x[i] ?? 0;
        gradient[i] = (gradient[i] ?? 0) + (y - p) * xi;
        const row = curvature[i] ?? [];
        for (const j of at) row[j] = (row[j] ?? 0) + p * (1 - p) * xi * (x[j] ?? 0);
      }
    }
    const change = solve(curvature, gradient);
    // Bounded, so that the flat ends of the curve can't throw it far out.
    const scale = Math.min(1, 2 / Math.max(...change.map(Math.abs)));
    fitted = fitted.map((value, i) => value + scale * (change[i] ?? 0));
    if (change.every((value) => Math.abs(value) < 1e-9)) break;
  }
  return fitted;
}

/**
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 */
function dot(a, b) {
  return a.reduce((total, value, at) => total + value * (b[at] ?? 0), 0);
}

/**
 * Solves matrix · x = vector for a symmetric, positive definite matrix, which needs no choice of pivots.
 *
 * @param {readonly (readonly number[])[]} matrix
 * @param {readonly number[]} vector
 * @returns {number[]}
 */
function solve(matrix, vector) {
  const rows = matrix.map((row, at) => [...row, vector[at] ?? 0]);
  for (const [at, pivot] of rows.entries()) {
    for (const row of rows.slice(at + 1)) {
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let column = at; column < row.length; column += 1) {
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
      }
    }
  }
  const solution = vector.map(() => 0);
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at] ?? [];
    const known = solution.reduce((total, value, column) => total + value * (row[column] ?? 0), 0);
    solution[at] = ((row[rows.length] ?? 0) - known) / (row[at] ?? 1);
  }
  return solution;
}

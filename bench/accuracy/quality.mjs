/**
 * @typedef {object} Forecast
 * @property {number} a
 * @property {number} b
 * @property {boolean} collides
 * @property {number} probability
 * @property {number} [fit] Only forecasts of one fit are ranked against each other. @default one fit made them all
 */

/**
 * The chance that a pair that collided is put above one that did not; ties count as half. Sorted once, for many
 * samples.
 *
 * @param {readonly Forecast[]} forecasts
 * @returns {import('./bootstrap.mjs').Statistic}
 */
export function aucOf(forecasts) {
  const sorted = [...forecasts].sort((x, y) => (x.fit ?? 0) - (y.fit ?? 0) || x.probability - y.probability);
  return (times) => {
    let [right, all] = [0, 0];
    let [below, ended] = [0, 0];
    let tie = { collided: 0, safe: 0 };
    for (const [at, { a, b, collides, probability, fit }] of sorted.entries()) {
      const weight = (times[a] ?? 0) * (times[b] ?? 0);
      if (collides) tie.collided += weight;
      else tie.safe += weight;
      const next = sorted[at + 1];
      if (next?.fit === fit && next?.probability === probability) continue;
      right += tie.collided * (below + tie.safe / 2);
      below += tie.safe;
      ended += tie.collided;
      tie = { collided: 0, safe: 0 };
      if (next !== undefined && next.fit === fit) continue;
      all += ended * below;
      [below, ended] = [0, 0];
    }
    return right / all;
  };
}

/**
 * The mean squared error of the probabilities.
 *
 * @param {readonly Omit<Forecast, 'fit'>[]} forecasts
 * @returns {import('./bootstrap.mjs').Statistic}
 */
export function brierOf(forecasts) {
  return (times) => {
    let [error, all] = [0, 0];
    for (const { a, b, collides, probability } of forecasts) {
      const weight = (times[a] ?? 0) * (times[b] ?? 0);
      error += weight * (probability - Number(collides)) ** 2;
      all += weight;
    }
    return error / all;
  };
}

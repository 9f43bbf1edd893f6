const EDGES = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1];

/**
 * @typedef {object} CalibrationBin
 * @property {number} from
 * @property {number} to
 * @property {number} pairs
 * @property {number} predicted Mean probability; `NaN` without pairs.
 * @property {number} happened Share of pairs that collided; `NaN` without pairs.
 */

/**
 * What was predicted beside what happened, by the size of the prediction.
 *
 * @param {readonly {probability: number, collides: boolean}[]} forecasts
 * @returns {CalibrationBin[]}
 */
export function calibrationOf(forecasts) {
  return EDGES.slice(0, -1).map((from, at) => {
    const to = EDGES[at + 1] ?? 1;
    const inside = forecasts.filter(({ probability: p }) => p >= from && (p < to || (to === 1 && p === 1)));
    const mean = (/** @type {(forecast: (typeof inside)[number]) => number} */ of) =>
      inside.reduce((total, forecast) => total + of(forecast), 0) / inside.length;
    return {
      from,
      to,
      pairs: inside.length,
      predicted: mean(({ probability }) => probability),
      happened: mean(({ collides }) => Number(collides)),
    };
  });
}

import { smallTrace } from './itf.mjs';

/**
 * The traces that show most, and little twice: each next one has the most pairs of consecutive actions that no earlier one has.
 *
 * @param {readonly any[]} all in quint's format
 * @param {number} count
 */
export function chooseTraces(all, count) {
  const left = all.map(smallTrace).map((trace) => ({ trace, pairs: pairsIn(trace.steps) }));
  /** @type {Set<string>} */
  const seen = new Set();
  const chosen = [];
  while (chosen.length < count && left.length > 0) {
    const news = left.map(({ pairs }) => [...pairs].filter((pair) => !seen.has(pair)).length);
    const [best] = left.splice(news.indexOf(Math.max(...news)), 1);
    if (best === undefined) break;
    for (const pair of best.pairs) seen.add(pair);
    chosen.push(best.trace);
  }
  return chosen;
}

/** @param {readonly import('./itf.mjs').Step[]} steps */
function pairsIn(steps) {
  return new Set(steps.slice(1).map(({ what }, at) => `${steps[at]?.what} ${what}`));
}

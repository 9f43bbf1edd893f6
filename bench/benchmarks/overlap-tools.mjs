import { overlap } from '@pwt/scope';
import globIntersect from 'glob-intersect';
import globIntersection from 'glob-intersection';
import { median, timeMs } from '../lib/measure.mjs';
import { families } from './overlap-tools/families.mjs';
import { samplePairs } from './overlap-tools/pairs.mjs';

/** Whether two patterns overlap, by tool. @type {Record<string, (a: string, b: string) => boolean>} */
const tools = {
  '@pwt/scope': (a, b) => overlap(a, b) !== null,
  'glob-intersection': (a, b) => globIntersection(a, b) !== false,
  'glob-intersect': (a, b) => globIntersect(a, b),
};

/**
 * Do two patterns overlap? Each tool on the same random pairs, beside the truth: every path of a universe that holds
 * a common path of each such pair, if there is one, tried with minimatch.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const overlapTools = {
  name: 'overlap-tools',
  async run({ rounds = 3 }) {
    const rows = families.flatMap((family) => {
      const pairs = samplePairs(family);
      return Object.entries(tools).map(([tool, decide]) => ({
        patterns: family.name,
        tool,
        pairs: pairs.length,
        ...score(decide, pairs),
        'a pair takes': timePerPairUs(decide, pairs, rounds),
      }));
    });
    return [
      {
        title: 'Do two patterns overlap?',
        columns: {
          patterns: 'text',
          tool: 'text',
          pairs: 'count',
          'overlaps missed': 'count',
          'false overlaps': 'count',
          right: 'percent',
          errors: 'count',
          'a pair takes': 'us',
        },
        rows,
        note: 'Random pairs with a fixed seed. The other two tools state that they do not follow a matcher in everything; neither knows classes, and glob-intersect knows * and ** only. glob-intersection also computes the common pattern.',
      },
    ];
  },
};

/**
 * @param {(a: string, b: string) => boolean} decide
 * @param {readonly import('./overlap-tools/pairs.mjs').Pair[]} pairs
 */
function score(decide, pairs) {
  const counts = { missed: 0, false: 0, errors: 0 };
  for (const { a, b, overlaps } of pairs) {
    const answer = attempt(decide, a, b);
    if (answer === undefined) counts.errors += 1;
    else if (overlaps && !answer) counts.missed += 1;
    else if (!overlaps && answer) counts.false += 1;
  }
  const wrong = counts.missed + counts.false + counts.errors;
  return {
    'overlaps missed': counts.missed,
    'false overlaps': counts.false,
    right: 1 - wrong / pairs.length,
    errors: counts.errors,
  };
}

/**
 * @param {(a: string, b: string) => boolean} decide
 * @param {string} a
 * @param {string} b
 * @returns {boolean | undefined} nothing if the tool throws
 */
function attempt(decide, a, b) {
  try {
    return decide(a, b);
  } catch {
    return undefined;
  }
}

/**
 * @param {(a: string, b: string) => boolean} decide
 * @param {readonly import('./overlap-tools/pairs.mjs').Pair[]} pairs
 * @param {number} rounds
 */
function timePerPairUs(decide, pairs, rounds) {
  const times = Array.from({ length: rounds }, () =>
    timeMs(() => {
      for (const { a, b } of pairs) attempt(decide, a, b);
    }),
  );
  return (median(times) * 1_000) / pairs.length;
}

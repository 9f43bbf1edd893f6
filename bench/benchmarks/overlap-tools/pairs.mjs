import { Minimatch } from 'minimatch';
import { seededRandom } from '../../lib/random.mjs';
import { UNIVERSE } from './families.mjs';

const PATTERNS = 600;
const PAIRS = 25_000;

/**
 * @typedef {object} Pair
 * @property {string} a
 * @property {string} b
 * @property {boolean} overlaps The truth: some path of the universe is matched by both.
 */

/**
 * Random pairs of a family, with the truth about each. The same in every run.
 *
 * @param {import('./families.mjs').Family} family
 * @returns {Pair[]}
 */
export function samplePairs({ segments }) {
  const random = seededRandom(20);
  const paths = universe();
  const patterns = Array.from({ length: PATTERNS }, () => {
    const text = Array.from({ length: 1 + random.below(3) }, () => random.pick(segments)).join('/');
    return { text, matched: matchedBits(text, paths) };
  });
  return Array.from({ length: PAIRS }, () => {
    const [a, b] = [random.pick(patterns), random.pick(patterns)];
    return {
      a: a.text,
      b: b.text,
      overlaps: a.matched.some((bits, at) => (bits & (b.matched[at] ?? 0)) !== 0),
    };
  });
}

/**
 * @param {string} pattern
 * @param {readonly string[]} paths
 * @returns {Uint32Array} one bit per path
 */
function matchedBits(pattern, paths) {
  const matcher = new Minimatch(pattern, { dot: true, nonegate: true, nocomment: true });
  const bits = new Uint32Array(Math.ceil(paths.length / 32));
  for (const [at, path] of paths.entries()) {
    if (matcher.match(path)) bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
  }
  return bits;
}

/** Every path of the universe. @returns {string[]} */
function universe() {
  const { characters, nameLength, depth } = UNIVERSE;
  const names = layers([...characters], nameLength, '');
  return layers(names, depth, '/');
}

/**
 * All sequences of one to `length` items.
 *
 * @param {readonly string[]} items
 * @param {number} length
 * @param {string} separator
 */
function layers(items, length, separator) {
  const all = [...items];
  let last = all.slice();
  for (let at = 1; at < length; at += 1) {
    last = last.flatMap((start) => items.map((item) => start + separator + item));
    all.push(...last);
  }
  return all;
}

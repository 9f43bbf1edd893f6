import { claimsOf, projectPaths, specPatterns, specText } from '../../lib/project.mjs';

/**
 * @typedef {object} ColdSpec
 * @property {string} id
 * @property {string} text Empty where claims are at hand.
 * @property {import('@pwt/core').TaskClaims} claims Without any where texts are at hand.
 *
 * @typedef {object} ColdInput
 * @property {readonly string[]} paths Sorted.
 * @property {readonly ColdSpec[]} specs
 * @property {ColdSpec} edited The spec in the middle, with one claim less.
 */

/**
 * 10,000 specs × 8 patterns against 100,000 files.
 *
 * @param {'claims' | 'texts'} from
 * @returns {ColdInput}
 */
export function coldInput(from) {
  const paths = projectPaths(100_000).sort();
  const patterns = specPatterns({ specs: 10_000, patternsPerSpec: 8, paths });
  const specOf = (/** @type {number} */ id, /** @type {readonly string[]} */ own) => ({
    id: String(id),
    text: from === 'texts' ? specText(id, own) : '',
    claims: claimsOf(String(id), from === 'claims' ? own : []),
  });
  return {
    paths,
    specs: patterns.map((own, at) => specOf(at + 1, own)),
    edited: specOf(5_000, patterns[4_999]?.slice(1) ?? []),
  };
}

import { assessPair } from '@pwt/risk';
import { foldsOf } from './folds.mjs';
import { pairsOf } from './pairs.mjs';

/**
 * @typedef {object} KnownTask
 * @property {import('@pwt/risk').TaskEvidence} evidence
 * @property {ReadonlySet<string>} changed
 * @property {number} fold
 *
 * @typedef {object} KnownPair
 * @property {import('./pairs.mjs').Pair} pair
 * @property {KnownTask} a
 * @property {KnownTask} b
 * @property {boolean} conflict By the claims.
 *
 * @typedef {object} KnownCorpus What was said of each task and each pair, and what came of it.
 * @property {readonly KnownTask[]} tasks
 * @property {readonly KnownPair[]} pairs
 */

/**
 * @param {import('../replay/corpus.mjs').Corpus} corpus
 * @param {readonly import('../replay/evidence.mjs').ReadTask[]} read What is found in its texts.
 * @param {number} seed How its tasks are dealt out to folds.
 * @returns {KnownCorpus}
 */
export function knownCorpus({ tasks }, read, seed) {
  const folds = foldsOf(tasks.length, seed);
  const known = read.map(({ evidence }, at) => ({
    evidence,
    changed: tasks[at]?.changed ?? new Set(),
    fold: folds[at] ?? 0,
  }));
  const pairs = pairsOf(tasks).flatMap((pair) => {
    const [a, b] = [known[pair.a], known[pair.b]];
    if (!a || !b) return [];
    const { relation } = assessPair(a.evidence, b.evidence, { maxReasons: 0 });
    return [{ pair, a, b, conflict: relation === 'conflict' }];
  });
  return { tasks: known, pairs };
}

/**
 * What is left of a corpus without two folds.
 *
 * @param {KnownCorpus} corpus
 * @param {readonly number[]} folds
 * @returns {KnownCorpus}
 */
export function without({ tasks, pairs }, folds) {
  const stays = (/** @type {KnownTask} */ { fold }) => !folds.includes(fold);
  return { tasks: tasks.filter(stays), pairs: pairs.filter(({ a, b }) => stays(a) && stays(b)) };
}

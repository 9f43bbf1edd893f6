import { readTasks } from '../replay/evidence.mjs';
import { resamples } from './bootstrap.mjs';
import { calibrationOf } from './calibration.mjs';
import { coverageOf } from './coverage.mjs';
import { countFiles, fileScores } from './files.mjs';
import { judgePairs } from './judge.mjs';
import { knownCorpus } from './known.mjs';
import { pairScores, predictPairs } from './pairs.mjs';
import { predictedPatterns } from './predictions.mjs';
import { collideRate, gainOverClaims, probabilityScores } from './scores.mjs';

/**
 * @typedef {import('./judge.mjs').JudgedPair} JudgedPair
 *
 * @typedef {object} CorpusAccuracy
 * @property {string} corpus
 * @property {number} tasks
 * @property {number} unknownScopes Tasks whose texts name nothing.
 * @property {number} pairs
 * @property {number} collide The share of pairs that collided.
 * @property {ReturnType<typeof fileScores>} fileScores
 * @property {ReturnType<typeof pairScores>} pairScores
 * @property {import('./coverage.mjs').Coverage} coverage
 * @property {ReturnType<typeof probabilityScores>} probability
 * @property {ReturnType<typeof gainOverClaims>} gain The model with the repository's intercept, beside the claims with their rates.
 * @property {readonly import('./calibration.mjs').CalibrationBin[]} calibration
 *
 * @typedef {object} Accuracy
 * @property {readonly CorpusAccuracy[]} corpora
 * @property {readonly import('./calibration.mjs').CalibrationBin[]} calibration Of all corpora together.
 */

/**
 * Measures what the texts of tasks say against what the tasks did. The same for every run with
 * a seed.
 *
 * @param {readonly import('../replay/corpus.mjs').Corpus[]} corpora
 * @param {object} options
 * @param {number} options.draws How many samples of the tasks the intervals come from.
 * @param {number} options.seed How the tasks are dealt out to folds.
 * @returns {Accuracy}
 */
export function measureAccuracy(corpora, { draws, seed }) {
  const read = corpora.map((corpus) => ({ corpus, read: readTasks(corpus) }));
  const judged = judgePairs(read.map(({ corpus, read: own }) => knownCorpus(corpus, own, seed)));
  return {
    corpora: read.map(({ corpus, read: own }, at) => {
      const { tasks, isBookkeeping } = corpus;
      const samples = resamples(tasks.length, draws);
      const patterns = own.map(({ scope }) => predictedPatterns(scope.claims));
      const counts = tasks.map((task, place) => countFiles(task, patterns[place] ?? [], isBookkeeping));
      const pairs = judged[at] ?? [];
      return {
        corpus: corpus.name,
        tasks: tasks.length,
        unknownScopes: own.filter(({ scope }) => scope.unknownScope).length,
        pairs: pairs.length,
        collide: collideRate(pairs),
        fileScores: fileScores(counts, samples),
        pairScores: pairScores(predictPairs(corpus, patterns), samples),
        coverage: coverageOf(tasks, own),
        probability: probabilityScores(pairs, samples),
        gain: gainOverClaims(pairs, samples),
        calibration: refitCalibration(pairs),
      };
    }),
    calibration: refitCalibration(judged.flat()),
  };
}

/** @param {readonly JudgedPair[]} pairs */
function refitCalibration(pairs) {
  return calibrationOf(pairs.map(({ refit, collides }) => ({ probability: refit, collides })));
}

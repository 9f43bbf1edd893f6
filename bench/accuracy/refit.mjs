import { createRiskLookup, defaultRiskCoefficients } from '@pwt/risk';
import { fitLogistic } from './logistic.mjs';

const { evidence: clipped } = defaultRiskCoefficients.pair;

/**
 * The model's numbers as they would be, had it been fitted to these tasks alone: first those of files, over all the
 * files that the texts speak of, then those of pairs, with the evidence that the former give. What the evidence of a
 * pair is clipped to stays as it is.
 *
 * @param {readonly import('./known.mjs').KnownCorpus[]} corpora
 * @returns {import('@pwt/risk').RiskCoefficients}
 */
export function fitCoefficients(corpora) {
  const tasks = corpora.flatMap((corpus) => corpus.tasks);
  const file = fitFile(tasks);
  const combined = createRiskLookup(
    tasks.map(({ evidence }) => evidence),
    { coefficients: { file, pair: { intercept: 0, slope: 1, conflict: 0, evidence: clipped } } },
  );
  const [intercept = 0, slope = 0, conflict = 0] = fitLogistic(
    corpora.flatMap(({ pairs }) =>
      pairs.map(({ pair, a, b, conflict }) => {
        const chance = combined(a.evidence.taskId, b.evidence.taskId);
        return { features: [Math.log(chance / (1 - chance)), Number(conflict)], outcome: pair.collides };
      }),
    ),
  );
  return { file, pair: { intercept, slope, conflict, evidence: clipped } };
}

/**
 * @param {readonly import('./known.mjs').KnownTask[]} tasks
 * @returns {import('@pwt/risk').RiskCoefficients['file']}
 */
function fitFile(tasks) {
  const observations = tasks.flatMap(({ evidence, changed }) =>
    Array.from(evidence.files, ([path, { grade, stem }]) => ({
      features: [grade === 'declared', grade === 'inferred', grade === 'mentioned', stem].map(Number),
      outcome: changed.has(path),
    })),
  );
  const [base = 0, declared = 0, inferred = 0, mentioned = 0, stem = 0] = fitLogistic(observations);
  return { base, declared, inferred, mentioned, stem };
}

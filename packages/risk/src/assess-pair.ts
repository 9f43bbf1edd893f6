import { type ClaimConflict, relateClaims, type TaskRelation } from '@pwt/claims';
import { defaultRiskCoefficients, type RiskCoefficients } from './coefficients.js';
import { logit, sigmoid } from './logistic.js';
import { type RiskReason, reasonsFor } from './reasons.js';
import { type SharedFile, sharedFiles } from './shared-files.js';
import type { TaskEvidence } from './task-evidence.js';

export interface RiskOptions {
  /** What this repository adds to the logit of every pair, see `fitIntercept`. @default 0 */
  readonly repositoryIntercept?: number;
  /** @default defaultRiskCoefficients */
  readonly coefficients?: RiskCoefficients;
  /** How many files are given as reasons, the likeliest first. @default 5 */
  readonly maxReasons?: number;
}

/** The relation and the risk of two tasks. */
export interface PairAssessment {
  /** By the claims alone; the probability does not change it. */
  readonly relation: TaskRelation;
  /** The chance that both change a common file, within (0, 1). Given for every relation, so that pairs can be ordered. */
  readonly probability: number;
  /** The reasons for the probability, the weightiest first. */
  readonly reasons: readonly RiskReason[];
  /** The first conflict of two claims, with a witness path; a possible one if none conflict. Absent if `independent`. */
  readonly conflict?: Omit<ClaimConflict, 'taskId'>;
}

/**
 * Says whether two tasks may run at the same time, how likely they change a common file, and why. Pure.
 * Symmetric: with swapped arguments, the result has its two sides swapped.
 *
 * For the probabilities of many pairs, `createRiskLookup` shares the work.
 *
 * @throws PwtError for a claim whose pattern can't be parsed.
 */
export function assessPair(a: TaskEvidence, b: TaskEvidence, options: RiskOptions = {}): PairAssessment {
  const { coefficients = defaultRiskCoefficients, maxReasons = 5 } = options;
  const { relation, reasons: conflicts } = relateClaims(a.claims, b.claims);
  const shared = sharedFiles(a, b, coefficients);
  const [conflict] = conflicts;
  return {
    relation,
    probability: pairProbability(relation, shared, options),
    reasons: reasonsFor({
      a,
      b,
      relation,
      conflict,
      shared,
      maxReasons,
      repositoryIntercept: options.repositoryIntercept ?? 0,
    }),
    ...(conflict ? { conflict } : {}),
  };
}

/** The model: the probability from the shared files, the relation of the claims, and the repository. */
export function pairProbability(
  relation: TaskRelation,
  shared: readonly SharedFile[],
  { repositoryIntercept = 0, coefficients = defaultRiskCoefficients }: RiskOptions = {},
): number {
  const { pair } = coefficients;
  const none = shared.reduce((product, file) => product * (1 - file.probability), 1);
  const [lowest, highest] = pair.evidence;
  const evidence = Math.min(highest, Math.max(lowest, 1 - none));
  const claims = relation === 'conflict' ? pair.conflict : 0;
  const probability = sigmoid(pair.intercept + pair.slope * logit(evidence) + claims + repositoryIntercept);
  return Math.min(1 - Number.EPSILON, Math.max(Number.MIN_VALUE, probability));
}

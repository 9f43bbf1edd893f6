import { relateClaims } from '@pwt/claims';
import { pairProbability } from './assess-pair.js';
import { defaultRiskCoefficients, type RiskCoefficients } from './coefficients.js';
import { logit, sigmoid } from './logistic.js';
import { sharedFiles } from './shared-files.js';
import type { TaskEvidence } from './task-evidence.js';

/** Two finished tasks, and whether both changed a common file. */
export interface PairObservation {
  readonly a: TaskEvidence;
  readonly b: TaskEvidence;
  readonly overlapped: boolean;
}

/** How far a repository is expected to differ from those that the coefficients come from, in logits. */
const PRIOR_DEVIATION = 1;

/**
 * The `repositoryIntercept` that fits best what earlier tasks really changed; 0 without observations. Pure.
 *
 * The most likely value under a normal prior around 0. Each task is in many pairs, which are not independent, so all pairs
 * together weigh as much as there are tasks. A few tasks therefore change the intercept only a little.
 */
export function fitIntercept(
  observations: readonly PairObservation[],
  coefficients: RiskCoefficients = defaultRiskCoefficients,
): number {
  if (observations.length === 0) return 0;
  const tasks = new Set(observations.flatMap(({ a, b }) => [a, b]));
  const weight = Math.min(1, tasks.size / observations.length);
  const points = observations.map(({ a, b, overlapped }) => ({
    offset: logit(
      pairProbability(relateClaims(a.claims, b.claims).relation, sharedFiles(a, b, coefficients), {
        coefficients,
      }),
    ),
    overlapped: overlapped ? 1 : 0,
  }));
  let intercept = 0;
  for (let step = 0; step < 50; step += 1) {
    let slope = -intercept / PRIOR_DEVIATION ** 2;
    let curvature = 1 / PRIOR_DEVIATION ** 2;
    for (const { offset, overlapped } of points) {
      const expected = sigmoid(offset + intercept);
      slope += weight * (overlapped - expected);
      curvature += weight * expected * (1 - expected);
    }
    // Bounded, because Newton steps on the flat ends of the curve would be too long.
    const change = Math.max(-1, Math.min(1, slope / curvature));
    intercept += change;
    if (Math.abs(change) < 1e-9) break;
  }
  return intercept;
}

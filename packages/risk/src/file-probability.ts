import { defaultRiskCoefficients, type RiskCoefficients } from './coefficients.js';
import { sigmoid } from './logistic.js';
import type { FileEvidence } from './task-evidence.js';

/** The chance that a task changes a file, by the evidence in its text. */
export function fileProbability(
  { grade, stem }: Pick<FileEvidence, 'grade' | 'stem'>,
  { file }: RiskCoefficients = defaultRiskCoefficients,
): number {
  return sigmoid(file.base + (grade === 'none' ? 0 : file[grade]) + (stem ? file.stem : 0));
}

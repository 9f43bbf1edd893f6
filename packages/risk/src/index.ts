export { assessPair, type PairAssessment, type RiskOptions } from './assess-pair.js';
export { defaultRiskCoefficients, type RiskCoefficients } from './coefficients.js';
export { EvidenceTree } from './evidence-tree.js';
export { fitIntercept, type PairObservation } from './fit-intercept.js';
export { type ObserveRunsOptions, observeRuns } from './observe-runs.js';
export type { RiskReason } from './reasons.js';
export { createRiskLookup, type RiskLookup } from './risk-lookup.js';
export type { SharedFile } from './shared-files.js';
export {
  type EvidenceGrade,
  type FileEvidence,
  type TaskEvidence,
  taskEvidence,
} from './task-evidence.js';

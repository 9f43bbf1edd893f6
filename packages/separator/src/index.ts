export { type AnalyseRequest, analyseClaims, type ClaimAnalysis } from './analyse/analyse-claims.js';
export type { ContestedFile } from './analyse/contested-file.js';
export type { TaskConflict } from './analyse/task-conflict.js';
export { hashText } from './hash.js';
export type { Fence, Heading, SpecLine } from './markdown/line.js';
export type { Span } from './markdown/spans.js';
export { fingerprintOf, fingerprintOfTask, type Memory, noMemory } from './memory.js';
export { RegexSpecSeparator, type RegexSpecSeparatorOptions } from './regex-spec-separator.js';
export { assessPair, type PairAssessment, type RiskOptions } from './risk/assess-pair.js';
export { defaultRiskCoefficients, type RiskCoefficients } from './risk/coefficients.js';
export { EvidenceTree } from './risk/evidence-tree.js';
export { fileProbability } from './risk/file-probability.js';
export { fitIntercept, type PairObservation } from './risk/fit-intercept.js';
export { type ObserveRunsOptions, observeRuns } from './risk/observe-runs.js';
export type { RiskReason } from './risk/reasons.js';
export { createRiskLookup, type RiskLookup, riskBeside } from './risk/risk-lookup.js';
export type { SharedFile } from './risk/shared-files.js';
export {
  type EvidenceGrade,
  type FileEvidence,
  type TaskEvidence,
  taskEvidence,
} from './risk/task-evidence.js';
export type { ExtractionRule, Mention, RuleInput, Topic } from './rules/rule.js';
export { defaultRules } from './rules/table.js';
export { type SeparatedSpecs, type SeparateSpecsOptions, separateSpecs } from './separate-specs.js';
export { type BuiltTasks, buildTasks, type ReadSpecOptions, type SpecText } from './spec/build-tasks.js';
export { findCycles } from './spec/cycles.js';
export type { SpecPath } from './spec/group-specs.js';
export { type ParsedSpec, parseSpec } from './spec/parse-spec.js';
export { normaliseSpecId, parseSpecName, type SpecName } from './spec/spec-name.js';
export { specPathOf } from './spec/spec-path.js';
export { type SpecChanges, type SpecEdits, SpecSession } from './spec-session.js';
export { englishVocabulary, extendVocabulary, type Vocabulary } from './vocabulary.js';

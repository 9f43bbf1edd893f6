export {
  type AnalyseRequest,
  analyseClaims,
  type ClaimAnalysis,
  type ContestedFile,
  type TaskConflict,
} from './analyse/analyse-claims.js';
export { hashText } from './hash.js';
export type { Fence, Heading, SpecLine } from './markdown/line.js';
export type { Span } from './markdown/spans.js';
export { RegexSpecSeparator, type RegexSpecSeparatorOptions } from './regex-spec-separator.js';
export type { ExtractionRule, Mention, RuleInput, Topic } from './rules/rule.js';
export { defaultRules } from './rules/table.js';
export { type SeparatedSpecs, type SeparateSpecsOptions, separateSpecs } from './separate-specs.js';
export { type BuiltTasks, buildTasks, type SpecText } from './spec/build-tasks.js';
export type { SpecPath } from './spec/group-specs.js';
export { type ParsedSpec, parseSpec } from './spec/parse-spec.js';
export { normaliseSpecId, parseSpecName, type SpecName } from './spec/spec-name.js';
export { specPathOf } from './spec/spec-path.js';
export { englishVocabulary, extendVocabulary, type Vocabulary } from './vocabulary.js';

export { englishVocabulary } from './english.js';
export { extendVocabulary } from './extend-vocabulary.js';
export { hashText } from './hash.js';
export type { Fence, Heading, SpecLine } from './markdown/line.js';
export { readLines } from './markdown/read-lines.js';
export type { Span } from './markdown/spans.js';
export { type NamedFile, namedFiles } from './named-files.js';
export type { TrackedPaths } from './paths/tracked-paths.js';
export { RegexSpecSeparator, type RegexSpecSeparatorOptions } from './regex-spec-separator.js';
export { fingerprintOf, fingerprintOfTask, noCache, type ResultCache } from './result-cache.js';
export type { ExtractionRule, Mention, RuleInput, Standing, Topic } from './rules/rule.js';
/** @public */
export { defaultRules } from './rules/table.js';
export { type SeparatedSpecs, type SeparateSpecsOptions, separateSpecs } from './separate-specs.js';
/** @public */
export { type SpecChanges, type SpecEdits, SpecSession } from './spec-session.js';
export { type BuiltTasks, buildTasks, type ReadSpecOptions, type SpecText } from './tasks/build-tasks.js';
export { findCycles } from './tasks/cycles.js';
export type { DependencyMention } from './tasks/dependencies.js';
export { parseDurationMs } from './tasks/duration.js';
export type { SpecPath } from './tasks/group-specs.js';
export { type MachineLabels, RUNS_ON, readMachineLabels } from './tasks/machine-labels.js';
/** @public */
export { type ParsedSpec, parseSpec } from './tasks/parse-spec.js';
export { normaliseSpecId, parseSpecName, type SpecName } from './tasks/spec-name.js';
export { isPassedOver, isSpecFolder, specPathOf } from './tasks/spec-path.js';
export { findStatus, isDoneStatus, type TaskStatus } from './tasks/status.js';
export type { TimeUnit, Vocabulary, VocabularyWords } from './vocabulary.js';

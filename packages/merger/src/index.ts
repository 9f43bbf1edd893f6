export { CommandGate, type CommandGateOptions } from './gate/command-gate.js';
export { gateMark } from './gate/gate-mark.js';
export type { GateMode } from './gate/run-parts.js';
export { GitMerger, type GitMergerOptions } from './git-merger.js';

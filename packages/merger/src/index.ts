export { CommandGate, type CommandGateOptions } from './command-gate.js';
export { GitMerger, type GitMergerOptions } from './git-merger.js';

export { attachSupervised, type NeverStarted } from './attach-supervised.js';
export { type CleanEnvironmentOptions, cleanEnvironment } from './environment.js';
export { identify, isAlive, selfIdentity } from './identity.js';
/** @public */
export { createMark } from './mark.js';
export { findMarked, sweep } from './marked.js';
export type { ProcessExit } from './process-exit.js';
export { findHolders, findPrograms } from './programs.js';
export { findResidents } from './residents.js';
export { type CommandPlace, resolveCommand } from './resolve-command.js';
export {
  type GitIdentity,
  type RoleEnvironment,
  type RoleEnvironmentRequest,
  roleEnvironment,
  withheldSecrets,
} from './role-environment.js';
export {
  type RunCommandRequest,
  type RunOptions,
  type RunResult,
  runCommand,
  runShell,
} from './run-command.js';
/** @public */
export { sampleMarked, sampleTree, type TreeSample } from './sample.js';
export { type LeaseTaken, type StartSupervisedRequest, startSupervised } from './start-supervised.js';
export type { StopReport, StopTreeRequest } from './stop-tree.js';
/** @public */
export { stopTree } from './stop-tree.js';
export { type StraysRequest, stopStrays } from './strays.js';
export type { Supervised } from './supervised.js';
export { type SeenProcess, type WorkDone, WorkMeter } from './work-meter.js';

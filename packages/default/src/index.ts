export {
  ApprovalStore,
  type ApprovalStoreOptions,
  type ConfirmCommands,
  requireApproval,
} from './approval/approvals.js';
export { configFileNames, loadConfigFile } from './config/load.js';
export { type ResolveConfigRequest, resolveConfig } from './config/resolve.js';
export type { RepositoryCommand, ResolvedConfig, ShellCommand } from './config/resolved-config.js';
export { type Setting, type SettingKind, settingKeys, settings } from './config/settings.js';
export type { ConfigProblem } from './config/validate.js';
export {
  type AgentCommand,
  type Duration,
  defineConfig,
  type PluginReference,
  type PromptTransport,
  type SettingKey,
  type Size,
  type VocabularyWords,
  type WrittenConfig,
} from './config/written-config.js';
export {
  type ApprovalOptions,
  type CreateCoordinatorOptions,
  createCoordinator,
} from './create-coordinator.js';
export { composePlan, type Plan } from './plan/compose-plan.js';
export { type BranchTip, type Environment, openProject, type Project } from './project/project.js';
export {
  type PlanRequest,
  PwtCoordinator,
  type PwtCoordinatorOptions,
  type ResumeRequest,
  type RunRequest,
} from './pwt-coordinator.js';
export { lockFile, readLockHolder } from './run/run-lock.js';
export type { MergeResult, NotRun, RunResult } from './run/run-result.js';
export { RunStore } from './run/run-store.js';
export type { Status, TaskStatusEntry } from './status/status.js';

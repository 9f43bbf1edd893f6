export {
  ApprovalStore,
  type ApprovalStoreOptions,
  type ConfirmCommands,
  requireApproval,
} from './approval/approvals.js';
export type { CleanedWorkspace, CleanRequest, Force } from './clean/clean.js';
export { configFileNames, loadConfigFile } from './config/load.js';
export { type ResolveConfigRequest, resolveConfig } from './config/resolve.js';
export type { RepositoryCommand, ResolvedConfig, ShellCommand } from './config/resolved-config.js';
export type { ConfigProblem } from './config/validate.js';
export {
  type AgentCommand,
  type AgentPreset,
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
export type { Check, CheckStatus } from './doctor/check.js';
export { type DiagnoseRequest, diagnose } from './doctor/diagnose.js';
export { type DetectedConfig, detectConfig } from './init/detect-config.js';
export { agentLogs, gateLogs, type RunLogFile } from './inspect/run-logs.js';
export { taskDiff } from './inspect/task-diff.js';
export { composePlan } from './plan/compose-plan.js';
export { planAround, type SelectedPlan } from './plan/select-planned.js';
export { type BranchTip, type Environment, openProject, type Project } from './project/project.js';
export {
  type LandRequest,
  type PlanRequest,
  PwtCoordinator,
  type PwtCoordinatorOptions,
  type ReadRun,
  type ResumeRequest,
  type RunRequest,
} from './pwt-coordinator.js';
export { type Restored, type RestoreTarget, restore } from './restore/restore.js';
export { type SnapshotView, viewSnapshot } from './restore/snapshots.js';
export { lockFile, readLockHolder } from './run/run-lock.js';
export type { MergeResult, NotRun, RunResult } from './run/run-result.js';
export { type DamagedRun, RECENT_RUNS, RunStore } from './run/run-store.js';
export { stopOtherRun } from './run/stop-other.js';
export { isHeldForResume, type NextStep } from './status/next-step.js';
export { type NextStepsOptions, nextSteps } from './status/next-steps.js';
export type { Status, TaskStatusEntry } from './status/status.js';
export { hasWorkToLand } from './status/work-to-land.js';

export type { ConfirmCommands } from './approval/approvals.js';
export { configFileNames, loadConfigFile } from './config/load.js';
export type { RepositoryCommand, ResolvedConfig } from './config/resolved-config.js';
export type { AgentPreset, Duration, Reference, Size } from './config/setting.js';
export type { ConfigProblem } from './config/validate.js';
/** @public */
export { defineConfig, type WrittenConfig } from './config/written-config.js';
export {
  type ApprovalOptions,
  type CreateCoordinatorOptions,
  createCoordinator,
} from './create-coordinator.js';
export type { Check, CheckStatus } from './doctor/check.js';
export { type DiagnoseRequest, diagnose } from './doctor/diagnose.js';
export { type DetectedConfig, detectConfig } from './init/detect-config.js';
export type { CleanedWorkspace, CleanRequest, Force } from './operations/clean/clean.js';
export { agentLogs, gateLogs, type RunLogFile } from './operations/inspect/run-logs.js';
export { taskDiff } from './operations/inspect/task-diff.js';
export { planAround, type SelectedPlan } from './operations/plan/select-planned.js';
export { type Restored, type RestoreTarget, restore } from './operations/restore/restore.js';
export { type SnapshotView, viewSnapshot } from './operations/restore/snapshots.js';
export type { MergeResult, NotRun, RunResult } from './operations/run/run-result.js';
export { stopOtherRun } from './operations/run/stop-other.js';
export { isHeldForResume, type NextStep } from './operations/status/next-step.js';
export { type NextStepsOptions, nextSteps } from './operations/status/next-steps.js';
export type { Status, TaskStatusEntry } from './operations/status/status.js';
export { hasWorkToLand } from './operations/status/work-to-land.js';
export { type BranchTip, type Environment, openProject, type Project } from './project/project.js';
export { type DamagedRun, RECENT_RUNS } from './project/run-store.js';
export {
  type LandRequest,
  type PlanRequest,
  PwtCoordinator,
  type PwtCoordinatorOptions,
  type ReadRun,
  type ResumeRequest,
  type RunRequest,
} from './pwt-coordinator.js';

export type { ApprovalOptions } from './approval/approval-options.js';
export type { ConfirmCommands } from './approval/approvals.js';
export type { BundledPlugins } from './composition/plugins/load-plugins.js';
export { configFileNames, type LoadConfigRequest, loadConfigFile } from './config/load.js';
export type { RepositoryCommand, ResolvedConfig } from './config/resolved-config.js';
export type { AgentPreset, Duration, EnvironmentSettings, Reference, Size } from './config/setting.js';
export type { ConfigLayer, ConfigProblem } from './config/validate.js';
/** @public */
export { defineConfig, type WrittenConfig } from './config/written-config.js';
export {
  type CreateCoordinatorOptions,
  createCoordinator,
} from './create-coordinator.js';
export type { Check, CheckStatus } from './doctor/check.js';
export { type DiagnoseRequest, diagnose } from './doctor/diagnose.js';
export { type DetectedConfig, detectConfig, type FoundFormat, formatSetting } from './init/detect-config.js';
export { writeSchemaCopy } from './init/schema-copy.js';
export { nearest } from './nearest.js';
export type { Cleaned, CleanRequest } from './operations/clean/clean.js';
export type { CleanedWorkspace, Force } from './operations/clean/clean-workspaces.js';
export {
  type StatedNoChange,
  type StateNoChangeRequest,
  stateNoChange,
} from './operations/done/state-no-change.js';
export { type FollowLogsRequest, followLogs, type LogNews } from './operations/follow/follow-logs.js';
export { type FollowRequest, followRun, type RunNews } from './operations/follow/follow-run.js';
export type { LogFile } from './operations/inspect/log-files.js';
export { agentLogs, gateLogs, type RunLogFile } from './operations/inspect/run-logs.js';
export type { TaskDiffRequest } from './operations/inspect/task-diff.js';
export type { SelectedPlan } from './operations/plan/plan-around.js';
export type { PlanRequest } from './operations/plan/plan-request.js';
export { type SelectTasks, selectInRun } from './operations/plan/select-tasks.js';
export type { FoundCommand } from './operations/plugins/plugin-commands.js';
export type { PullRequests, PullRequestsRequest } from './operations/pr/pr.js';
export type { AnswerRequest, Said, StopTasksRequest } from './operations/questions/say.js';
export type {
  RadarLook,
  RadarLookRequest,
  RepositoryRadar,
  SeenCheckout,
} from './operations/radar/radar.js';
export type { MarkedLines } from './operations/resolve/marked-lines.js';
export type { Resolution, ResolveRequest } from './operations/resolve/resolve.js';
export { type Restored, type RestoreTarget, restore } from './operations/restore/restore.js';
export { type SnapshotsRequest, type SnapshotView, viewSnapshot } from './operations/restore/snapshots.js';
export type { Abandoned, AbandonRequest } from './operations/run/abandon.js';
export type { LandRequest } from './operations/run/land.js';
export type { FoundRun, ResumeRequest } from './operations/run/resume.js';
export type { RunRequest } from './operations/run/run.js';
export {
  type MergeResult,
  type NotRun,
  type RunResult,
  resultOf,
  type TaskResult,
} from './operations/run/run-result.js';
export { stopOtherRun } from './operations/run/stop-other.js';
export type { ProposedScopes, ScopeProposal, ScopeRequest } from './operations/scope/scope.js';
export { isHeldForResume, type NextStep } from './operations/status/next-step.js';
export { type NextStepsOptions, nextSteps } from './operations/status/next-steps.js';
export type { ReadRun, ReadRunRequest } from './operations/status/read-run.js';
export type { Status, TaskStatusEntry } from './operations/status/status.js';
export { hasWorkToLand } from './operations/status/work-to-land.js';
export {
  type BranchTip,
  type Environment,
  type OpenProjectRequest,
  openProject,
  type Project,
} from './project/project.js';
export { type DamagedRun, RECENT_RUNS, type RunStore } from './project/run-store.js';
export type { PwtCoordinator } from './pwt-coordinator.js';

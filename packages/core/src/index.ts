export { throwIfAborted } from './abort.js';
export { Admission, type AdmissionOptions } from './admission.js';
export type {
  AttemptEnding,
  Continuing,
  EndedAttempt,
  MovedWorkspace,
  Question,
  RetryKind,
} from './attempt.js';
export { type Budget, type Cap, type CapScope, type ReachedCap, reachedCap } from './budget.js';
export { capText } from './cap-text.js';
export {
  type Claim,
  type ClaimClass,
  type ClaimMode,
  type ClaimRelation,
  type Confidence,
  claimRelation,
  type TaskClaims,
  unknownScopeClaim,
} from './claim.js';
export { type Clock, systemClock } from './clock.js';
export { type Defined, defined } from './defined.js';
export type { Diagnostic, Severity } from './diagnostic.js';
export {
  hasCode,
  isPwtError,
  type Place,
  PwtError,
  type PwtErrorCode,
  type PwtErrorOptions,
} from './error.js';
export {
  type Blocker,
  EVENT_VERSION,
  type EventEnvelope,
  type GatedState,
  type GatePurpose,
  type JoinedTask,
  type NewRunEvent,
  type RunEvent,
  type RunEventPayloads,
  type RunLevelEvent,
  type TaskEventPayloads,
  type TaskLevelEvent,
} from './event.js';
export type { TaskFigures } from './figures.js';
export { type Finding, type FindingKind, isOpenError, isSameFinding } from './finding.js';
export { GATE_NAME, type Gate, type GatePart, type GateRequest, type Verdict } from './gate.js';
export {
  mayBeSeenByChildren,
  repositoryVariables,
  unattendedGit,
} from './git-variables.js';
export type { EventSink, Journal, JournalStore } from './journal.js';
export type {
  AgentActivity,
  AgentCheck,
  AgentCheckRequest,
  AgentExit,
  AgentFailure,
  AgentInfo,
  AgentLauncher,
  AgentRun,
  AgentUsage,
  Attempt,
  Continuation,
  FailureKind,
  FinishedTask,
  LaunchRequest,
  Permission,
} from './launcher.js';
export type {
  AdvanceOutcome,
  CommitNote,
  ConflictedPath,
  IntegrateOutcome,
  IntegrateRequest,
  LandOutcome,
  LandRequest,
  Merger,
  MergeStrategy,
  OpenIntegrationRequest,
  RefusedEdit,
  ReplayRequest,
} from './merger.js';
export { misbehaved } from './misbehaved.js';
export { hasOwnCommit, landedAs, noChangeText, noteOf, whyNoChange } from './no-change.js';
export {
  type AuditPolicy,
  isReviewed,
  landsByItself,
  type RunOptions,
  type SeparationPolicy,
} from './options.js';
export { isElsewhere, placeText } from './place.js';
export {
  definePlugin,
  PLUGIN_API_VERSION,
  type PluginCheck,
  type PluginCommand,
  type PluginCommandRequest,
  type PluginContext,
  type PluginFactory,
  type PwtPlugin,
  tokens,
} from './plugin.js';
export { privateModes } from './private-modes.js';
export { findPutRight } from './put-right.js';
export { openQuestion } from './question.js';
export type {
  Collision,
  LiveWork,
  Radar,
  RadarPicture,
  RadarRequest,
  Sighting,
  Staleness,
} from './radar.js';
export { applyEvent, emptyRunState, reduceRun } from './reduce.js';
export type {
  CheckoutState,
  ConfigState,
  FileState,
  ObserveRequest,
  RepositoryObserver,
  RepositoryRecord,
  RepositoryState,
} from './repository.js';
export { isAbout, type RepositoryChange } from './repository-change.js';
export { compareRepository, compareWork } from './repository-changes.js';
export {
  type Blame,
  type FollowedAgent,
  GIT_TRACE_FILE,
  gitTraceVariables,
  type IntrudedFile,
  type Intrusion,
  type RepositoryNotice,
  type RepositoryWatch,
  type WatchBlind,
  type WatchRequest,
} from './repository-watch.js';
export { isResolvable, type ResolvableTask } from './resolvable.js';
export type { MachineSample, ResourceCapacity, ResourceMonitor, ResourceSample } from './resources.js';
export type {
  ChosenLanding,
  DecisionRequest,
  DeclinedLanding,
  DeclineKind,
  PullRequest,
  PushedBranch,
  RequestRefusal,
  SentBackTask,
  TakenRequest,
} from './review.js';
export type { ProcessIdentity, RunningProgram } from './running-program.js';
export type { SeparateRequest, Separation, Separator, TrackedPaths } from './separator.js';
export { shellQuote } from './shell-quote.js';
export { isSameSighting, type SeenPaths, type TaskSighting, taskSighting } from './sighting.js';
export {
  type AgentPause,
  type EmptyRun,
  type GateAnswer,
  holdsClaims,
  occupiesSlot,
  type RunningGate,
  type RunState,
  type StartedRun,
  statusOf,
  type TakenSnapshot,
  type TaskStatus,
} from './state.js';
export { subjectName, type WorkSubject } from './subject.js';
export {
  type GoodStatus,
  type RejectedStatus,
  type RunSummary,
  type RunTotals,
  summarise,
  type TaskFailure,
  type TaskFailureKind,
  type TaskOutcome,
  type TaskOutcomeStatus,
  taskOutcomeStatuses,
} from './summary.js';
export {
  type FileEdit,
  isTaskId,
  type LoadRequest,
  type LoadResult,
  lineInFile,
  type MarkDoneRequest,
  type ReadFile,
  type SpecFile,
  type Task,
  type TaskContext,
  type TaskSource,
  taskText,
  textAtLine,
} from './task.js';
export { taskLists } from './task-lists.js';
export type { OpenPhase, TaskByPhase, TaskIn, TaskPhase, TaskState } from './task-state.js';
export { type Token, token } from './token.js';
export { upgradeEvent } from './upgrade-event.js';
export { mostUsed, runUsage, sumOfUsage, taskUsage, tokensOf } from './usage.js';
export { isBlockedStill, type WaitingReason, waitingReason } from './waiting.js';
export type {
  ChangedPath,
  CollectedWork,
  CollectOutcome,
  CollectRequest,
  CommitId,
  CreatedWorkspace,
  CreateWorkspaceRequest,
  ExpireRequest,
  Expiry,
  HeldWork,
  LandedAs,
  MovedOnto,
  MoveOntoRequest,
  RemoveOutcome,
  RemoveRequest,
  ScratchWorkspaceRequest,
  SetupReport,
  Snapshot,
  SnapshotRequest,
  Workspace,
  WorkspaceProvider,
} from './workspace.js';

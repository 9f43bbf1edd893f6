export { Coordinator } from './coordinator.js';
export type { CoordinatorOptions, RiskRequest } from './coordinator-options.js';
export type {
  Experience,
  ExperienceStore,
  GateExperience,
  GateRecord,
  Lessons,
} from './experience/experience.js';
export { FileInbox } from './inbox/file-inbox.js';
export {
  ANSWER_CHARACTERS,
  type DecisionMessage,
  type Inbox,
  type InboxMessage,
  type ReceivedMessage,
} from './inbox/message.js';
export type { ReadableJournal } from './journal/decode.js';
export { FileJournalStore } from './journal/file-journal-store.js';
export {
  type AcquireLockRequest,
  acquireRunLock,
  type HeldLock,
  type LockOwner,
  type LockRecord,
  readRunLock,
} from './lock.js';
export type { LandRunRequest } from './operations/land.js';
export type { ResumeRequest } from './operations/resume.js';
export type { StartRunRequest } from './operations/start.js';
export type { QueuePrior } from './queue/estimate.js';
export type { Decision, JointState, Probe, ProbePurpose } from './queue/joint-state.js';
export { type FinishedTask, LandingQueue, type LandingQueueOptions } from './queue/landing-queue.js';
export type { ConflictOfTasks, TaskInConflict } from './resolve/conflicts-of-tasks.js';
export type { LandResolvedRequest } from './resolve/land-resolved.js';
export type { ResolveRequest, ToResolve } from './resolve/resolve-run.js';
export type { Proposal, ProposalFacts, Proposed } from './review/propose.js';
export type { ProposalWords, Publisher, PushOutcome } from './review/publisher.js';
export type { CoordinatorParts } from './run/coordinator-parts.js';
export { beyondSpecs, outsideClaims, ownLists, plannedClaims } from './run/outside-claims.js';
export type { StopMode } from './run/stop-signal.js';
export { createRunId } from './run-id.js';
export type { KnownVerdicts, TestedTree, VerdictStore } from './verdict-store.js';

export { type Clock, systemClock } from './clock.js';
export {
  Coordinator,
  type CoordinatorOptions,
  type LandRunRequest,
  type ResumeRequest,
  type RiskRequest,
  type StartRunRequest,
} from './coordinator.js';
export { findUnknownAttempts, type UnknownAttempt } from './journal/behind.js';
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
export type { CoordinatorParts, StopMode } from './run/run-context.js';
export { createRunId } from './run-id.js';

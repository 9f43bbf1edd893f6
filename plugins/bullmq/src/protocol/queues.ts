import type { Timings } from './timings.js';

/** A worker that dies with its job is no fault of the job: how often it may be taken again is decided by whoever waits for it. */
export const MAX_STALLED = 1_000_000;

/** The events that a queue keeps, about: enough for some seconds of all its agents. */
export const MAX_EVENTS = 200;

/** Finished jobs whose answers nobody has taken. Whoever asks again has them done again. */
export const keptJobs: { readonly age: number; readonly count: number } = { age: 3600, count: 1000 };

/** Answers that stay although they were taken: who has asked may die before it is on record. */
export const keptAnswers: { readonly age: number; readonly count: number } = { age: 600, count: 100 };

/** The keys of a queue that nobody uses go after this long, in milliseconds. */
export const QUEUE_EXPIRES_MS: number = 7 * 24 * 3600 * 1000;

/** How often a queue is looked through for jobs whose locks have run out. A job is taken back at the second look. */
export function stalledIntervalMs({ lockMs }: Pick<Timings, 'lockMs'>): number {
  return Math.max(100, lockMs / 2);
}

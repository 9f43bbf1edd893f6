import type { Timings } from './timings.js';

/** A worker that dies with its job is no fault of the job: how often it may be taken again is decided by whoever waits for it. */
export const MAX_STALLED = 1_000_000;

/** The events that a queue keeps, about: enough for some seconds of all its agents. */
export const MAX_EVENTS = 200;

/**
 * Finished jobs whose answers nobody has taken: so many of them, and never by their age, which the clock of whoever finishes the next job
 * would decide.
 */
export const keptJobs: { readonly count: number } = { count: 200 };

/** Answers that stay although they were taken: who has asked may die before it is on record. */
export const keptAnswers: { readonly count: number } = { count: 100 };

/** An answer that was taken, and one that was not, expire after this long, in milliseconds. Whoever asks again has the job done again. */
export const TAKEN_EXPIRES_MS: number = 10 * 60 * 1000;
export const ANSWER_EXPIRES_MS: number = 24 * 3600 * 1000;

/** The keys of a queue that nobody uses go after this long, in milliseconds. */
export const QUEUE_EXPIRES_MS: number = 7 * 24 * 3600 * 1000;

/** How often a queue is looked through for jobs whose locks have run out. A job is taken back at the second look. */
export function stalledIntervalMs({ lockMs }: Pick<Timings, 'lockMs'>): number {
  return Math.max(100, lockMs / 2);
}

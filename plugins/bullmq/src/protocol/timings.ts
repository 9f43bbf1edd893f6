/** How long the parts wait for each other, in milliseconds. Tests shorten them. */
export interface Timings {
  /** A worker says that it is there this often; what it has said expires after three times as long. */
  readonly presenceMs: number;
  /** A worker that says nothing for this long, while Redis can be reached, is taken for lost. */
  readonly lostAfterMs: number;
  /** BullMQ's lock on a job; it is renewed at half of that. */
  readonly lockMs: number;
  /** How often a job that is waited for is looked at, whatever events say. */
  readonly pollMs: number;
  /** How often unfinished work is pushed. */
  readonly snapshotMs: number;
  /** How often progress is told. */
  readonly progressMs: number;
}

export const defaultTimings: Timings = {
  presenceMs: 5000,
  lostAfterMs: 60_000,
  lockMs: 30_000,
  pollMs: 5000,
  snapshotMs: 180_000,
  progressMs: 1000,
};

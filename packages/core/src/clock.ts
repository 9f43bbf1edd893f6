/** The source of time, so that tests can control it. */
export interface Clock {
  /** Milliseconds since the epoch: time limits must hold across restarts of a program. */
  now(): number;
  /** Calls back once after `ms`; the result cancels it. Must not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    // In a browser a timer is a number, and keeps nothing alive.
    const timer: { unref?(): void } = setTimeout(callback, ms);
    timer.unref?.();
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};

/** Time as a launcher sees it, so that tests can steer it. */
export interface Clock {
  /** Milliseconds since the epoch: time limits must hold across restarts of this program. */
  now(): number;
  /** Calls back once after `ms`; the result cancels it. Must not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Time that stands still until the test moves it. */
export class ManualClock {
  #now = Date.now();
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now;
  }

  /** Calls back once, when the test has moved the clock by `ms`; the result cancels it. */
  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** The next deadlines, as spans from now. */
  get pending(): number[] {
    return [...this.#timers].map(({ at }) => at - this.#now);
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

/** What a double needs of a clock. */
export type TestClock = Pick<ManualClock, 'now' | 'after'>;

export const realClock: TestClock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

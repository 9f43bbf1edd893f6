/**
 * Time that goes on when nothing is left to do at this instant, from one timer to the next. The same timers come in the same order.
 */
export class SimulatedClock {
  #now = Date.UTC(2026, 0, 1);
  #made = 0;
  /** A binary heap. @type {{at: number, order: number, callback: (() => void) | undefined}[]} */
  #timers = [];

  now() {
    return this.#now;
  }

  /** @param {number} ms @param {() => void} callback */
  after(ms, callback) {
    /** @type {{at: number, order: number, callback: (() => void) | undefined}} */
    const timer = { at: this.#now + ms, order: this.#made, callback };
    this.#made += 1;
    this.#push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  /** @param {number} ms @returns {Promise<void>} */
  wait(ms) {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Goes on to the next instant at which something happens. */
  step() {
    let next = this.#pop();
    while (next !== undefined && next.callback === undefined) next = this.#pop();
    if (next === undefined) throw new Error('nothing will ever happen any more');
    this.#now = next.at;
    for (; next !== undefined; next = this.#timers[0]?.at === this.#now ? this.#pop() : undefined)
      next.callback?.();
  }

  /** @param {{at: number, order: number, callback: (() => void) | undefined}} timer */
  #push(timer) {
    const timers = this.#timers;
    let at = timers.length;
    timers.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = timers[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      timers[at] = above;
      at = parent;
    }
    timers[at] = timer;
  }

  #pop() {
    const timers = this.#timers;
    const first = timers[0];
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [l, r] = [timers[left], timers[right]];
      if (l === undefined) break;
      const [child, to] = r !== undefined && isBefore(r, l) ? [r, right] : [l, left];
      if (!isBefore(child, last)) break;
      timers[at] = child;
      at = to;
    }
    timers[at] = last;
    return first;
  }
}

/**
 * @param {{at: number, order: number}} one
 * @param {{at: number, order: number}} other
 */
function isBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

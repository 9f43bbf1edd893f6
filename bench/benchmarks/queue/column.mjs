/**
 * What the other policies have in common: tasks that wait, tests that are to start, and the rule by which a task is
 * rejected. A red is confirmed by running the same state again, as often as the rule says; if it turns green, the task
 * goes back to the others.
 */
export class Column {
  /** @type {string[]} */
  waiting = [];
  /** @type {string[]} */
  landed = [];
  /** @type {Set<string>} */
  rejected = new Set();
  /** @type {Set<import('./simulate.mjs').Test>} */
  running = new Set();
  expected = 0;
  /** @type {Map<string, {sequence: readonly string[], reds: number, asked: number}>} */
  #suspected = new Map();
  #reds;

  /** @param {{slots: number, reds: number}} options `reds`: how often a red is seen before the task is rejected. */
  constructor({ slots, reds }) {
    this.slots = slots;
    this.#reds = reds;
  }

  /**
   * @param {string} task
   * @param {number} expected
   */
  add(task, expected) {
    this.waiting.push(task);
    this.expected = expected;
  }

  next() {
    for (const [task, suspect] of this.#suspected) {
      if (suspect.reds + suspect.asked >= this.#reds) continue;
      suspect.asked += 1;
      return this.started({ sequence: suspect.sequence, again: true, task });
    }
    const test = this.nextTest();
    return test && this.started(test);
  }

  /** @template {import('./simulate.mjs').Test} T @param {T} test */
  started(test) {
    this.running.add(test);
    return test;
  }

  /**
   * @param {import('./simulate.mjs').Test & {task?: string}} test
   * @param {boolean} red
   */
  judged(test, red) {
    this.running.delete(test);
    const suspect = test.task === undefined ? undefined : this.#suspected.get(test.task);
    if (test.task === undefined) this.verdict(test, red);
    else if (suspect) {
      suspect.asked -= 1;
      suspect.reds += 1;
      if (!red) {
        this.#suspected.delete(test.task);
        this.waiting.push(test.task);
      } else if (suspect.reds >= this.#reds) this.#reject(test.task);
    }
  }

  /**
   * This state is green without the task, and red with it.
   *
   * @param {string} task
   * @param {readonly string[]} sequence
   */
  suspect(task, sequence) {
    this.#suspected.set(task, { sequence, reds: 1, asked: 0 });
    if (this.#reds <= 1) this.#reject(task);
  }

  #reject(/** @type {string} */ task) {
    this.#suspected.delete(task);
    this.rejected.add(task);
  }

  /** @returns {readonly import('./simulate.mjs').Test[]} */
  obsolete() {
    return [];
  }

  /** @param {import('./simulate.mjs').Test} test */
  stopped(test) {
    this.running.delete(test);
  }

  /** @returns {import('./simulate.mjs').Test | undefined} */
  nextTest() {
    return undefined;
  }

  /**
   * @param {import('./simulate.mjs').Test} _test
   * @param {boolean} _red
   */
  verdict(_test, _red) {}
}

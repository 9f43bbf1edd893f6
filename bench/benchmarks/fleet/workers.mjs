const LOST_AFTER_MS = 60_000;
const COMES_BACK_MS = 300_000;
const ACTIVITY_MS = 60_000;

/**
 * @typedef {object} FleetOptions
 * @property {number} workers One agent each.
 * @property {number} lostPerHour How many of a thousand workers are lost in an hour.
 * @property {number} redelivered How many of a thousand answers come twice.
 */

/** Workers that are far away: everything takes its time, some are lost, and some of those come back with work that is too late. */
export class SimulatedWorkers {
  #clock;
  #random;
  #options;
  /** @type {string[]} */
  #free;
  #hosts = new Map();
  /** @type {((worker: string) => void)[]} */
  #waiting = [];
  busyMs = 0;
  lost = 0;
  late = 0;
  twice = 0;

  /**
   * @param {import('./clock.mjs').SimulatedClock} clock
   * @param {ReturnType<typeof import('../../lib/random.mjs').seededRandom>} random
   * @param {FleetOptions} options
   */
  constructor(clock, random, options) {
    this.#clock = clock;
    this.#random = random;
    this.#options = options;
    this.#free = Array.from({ length: options.workers }, (_, at) => `w${at + 1}`);
  }

  /** A worker for a task, as soon as one is free. @param {string} taskId @returns {Promise<string>} */
  async place(taskId) {
    await this.#clock.wait(this.#between(500, 5000));
    const worker = this.#free.pop() ?? (await this.#nextFree());
    this.#hosts.set(taskId, worker);
    return worker;
  }

  /** @returns {Promise<string>} */
  #nextFree() {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** A request to a worker that has the workspace. @param {number} least @param {number} most */
  ask(least, most) {
    return this.#clock.wait(this.#between(least, most));
  }

  /** @param {string} taskId @returns {import('@pwt/core').AgentRun} */
  run(taskId) {
    const startedAt = this.#clock.now();
    const durationMs = Math.round(600_000 * 2 ** (this.#random.below(2001) / 1000 - 1));
    const hours = durationMs / 3_600_000;
    const isLost = this.#random.below(1_000_000) < this.#options.lostPerHour * 1000 * hours;
    return isLost
      ? this.#lostRun(taskId, startedAt, durationMs)
      : this.#goodRun(taskId, startedAt, durationMs);
  }

  /** @param {string} taskId @param {number} startedAt @param {number} durationMs */
  #goodRun(taskId, startedAt, durationMs) {
    const exited = this.#clock.wait(durationMs).then(() => {
      this.busyMs += durationMs;
      if (this.#random.below(1000) < this.#options.redelivered) this.twice += 1;
      this.#release(this.#hosts.get(taskId) ?? '');
      return /** @type {const} */ ({ kind: 'exited', exitCode: 0, durationMs });
    });
    return { startedAt, exited, events: this.#activities(durationMs), stop: async () => undefined };
  }

  /** @param {string} taskId @param {number} startedAt @param {number} durationMs */
  #lostRun(taskId, startedAt, durationMs) {
    const worker = this.#hosts.get(taskId) ?? '';
    const atMs = this.#random.below(durationMs);
    this.lost += 1;
    const exited = this.#clock.wait(atMs + LOST_AFTER_MS).then(() => {
      this.#clock.after(COMES_BACK_MS, () => this.#release(worker));
      if (this.#random.below(2) === 0) this.late += 1;
      return /** @type {const} */ ({ kind: 'lost', lostWith: worker, durationMs: atMs + LOST_AFTER_MS });
    });
    return { startedAt, exited, events: this.#activities(atMs), stop: async () => undefined };
  }

  /** @param {number} durationMs @returns {AsyncIterable<import('@pwt/core').AgentActivity>} */
  async *#activities(durationMs) {
    for (let left = durationMs; left > ACTIVITY_MS; left -= ACTIVITY_MS) {
      await this.#clock.wait(ACTIVITY_MS);
      yield { kind: 'tool', text: 'Edit src/some/file.ts' };
    }
  }

  /** @param {string} worker */
  #release(worker) {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(worker);
    else next(worker);
  }

  /** @param {number} least @param {number} most */
  #between(least, most) {
    return least + this.#random.below(most - least);
  }
}

import { Column } from './column.mjs';

/** Each task on top of what has landed, one after the other. */
class OneByOne extends Column {
  /** @override */
  nextTest() {
    const [task] = this.waiting;
    return this.running.size === 0 && task ? { sequence: [...this.landed, task] } : undefined;
  }

  /** @override @type {Column['verdict']} */
  verdict({ sequence }, red) {
    const task = /** @type {string} */ (this.waiting.shift());
    if (red) this.suspect(task, sequence);
    else this.landed.push(task);
  }
}

/**
 * A window of the first tasks, each tested on all those before it. What is red with everything before it green is taken
 * out, and what was tested on it is stopped and started again without it.
 */
class Zuul extends Column {
  /** @type {Map<string, {test?: import('./simulate.mjs').Test | undefined, red?: boolean | undefined}>} */
  #items = new Map();
  #window = Math.min(8, this.slots);

  /** @override */
  nextTest() {
    const window = this.waiting.slice(0, this.#window);
    for (const [at, task] of window.entries()) {
      if (this.#items.get(task)) continue;
      const test = { sequence: [...this.landed, ...window.slice(0, at + 1)] };
      this.#items.set(task, { test });
      return test;
    }
    return undefined;
  }

  /** @override @type {Column['verdict']} */
  verdict(test, red) {
    for (const item of this.#items.values()) if (item.test === test) item.red = red;
    for (;;) {
      const [task] = this.waiting;
      const item = task === undefined ? undefined : this.#items.get(task);
      if (task === undefined || item?.red === undefined) return;
      this.waiting.shift();
      this.#items.delete(task);
      if (!item.red) {
        this.landed.push(task);
        continue;
      }
      this.suspect(task, item.test?.sequence ?? []);
      this.#behind = [...this.#items.values()].flatMap(({ test: begun }) => begun ?? []);
      this.#items.clear();
    }
  }

  /** @type {import('./simulate.mjs').Test[]} */
  #behind = [];

  /** @override */
  obsolete() {
    return this.#behind.splice(0).filter((test) => this.running.has(test));
  }
}

/** All that wait in one batch; a red batch is halved, and the halves are tested one after the other. */
class Bisect extends Column {
  /** @type {string[][]} */
  #batches = [];

  /** @override */
  nextTest() {
    if (this.running.size > 0) return undefined;
    if (this.#batches.length === 0 && this.waiting.length > 0) this.#batches.push(this.waiting.splice(0));
    const [batch] = this.#batches;
    return batch && { sequence: [...this.landed, ...batch], again: true };
  }

  /** @override @type {Column['verdict']} */
  verdict({ sequence }, red) {
    const batch = /** @type {string[]} */ (this.#batches.shift());
    const half = Math.ceil(batch.length / 2);
    if (!red) this.landed.push(...batch);
    else if (batch.length === 1) this.suspect(/** @type {string} */ (batch[0]), sequence);
    else this.#batches.unshift(batch.slice(0, half), batch.slice(half));
  }
}

/** Prefixes of what waits, as many as there are slots, evenly spaced: the first red one says where to look closer. */
class PrefixSearch extends Column {
  /** How many of the waiting are known to be red together. */
  #range = 0;
  /** @type {Map<number, boolean>} */
  #verdicts = new Map();
  /** @type {number[]} */
  #ends = [];
  #asked = 0;

  /** @override */
  nextTest() {
    if (this.#asked === 0 && this.#ends.length === 0) this.#plan();
    const end = this.#ends[this.#asked];
    if (end === undefined) return undefined;
    this.#asked += 1;
    return { sequence: [...this.landed, ...this.waiting.slice(0, end)] };
  }

  #plan() {
    const length = this.#range || this.waiting.length;
    const count = this.#range ? length - 1 : length;
    const parts = Math.min(this.slots, count);
    this.#ends = Array.from({ length: parts }, (_, at) =>
      this.#range ? Math.floor(((at + 1) * length) / (parts + 1)) : Math.ceil(((at + 1) * length) / parts),
    );
  }

  /** @override @type {Column['verdict']} */
  verdict({ sequence }, red) {
    this.#verdicts.set(sequence.length - this.landed.length, red);
    if (this.#verdicts.size < this.#ends.length) return;
    const firstRed = this.#ends.find((end) => this.#verdicts.get(end)) ?? this.#range;
    const green =
      this.#ends.findLast((end) => !this.#verdicts.get(end) && (!firstRed || end < firstRed)) ?? 0;
    this.landed.push(...this.waiting.splice(0, green));
    this.#range = firstRed ? firstRed - green : 0;
    this.#verdicts.clear();
    this.#ends = [];
    this.#asked = 0;
    if (this.#range !== 1) return;
    const task = /** @type {string} */ (this.waiting.shift());
    this.#range = 0;
    this.suspect(task, [...this.landed, task]);
  }
}

/** Each task alone on the base, then all that are green in one joint state, which is red for pairs only: those are halved. */
class Alone extends Column {
  /** @type {string[]} */
  #green = [];
  /** @type {Map<import('./simulate.mjs').Test, string>} */
  #tasks = new Map();
  #rest = new Bisect({ slots: 1, reds: 1 });

  /** @override */
  nextTest() {
    const task = this.waiting.shift();
    if (task) {
      const test = { sequence: [task] };
      this.#tasks.set(test, task);
      return test;
    }
    if (this.#tasks.size > 0 || this.expected > 0) return undefined;
    this.#rest.waiting.push(...this.#green.splice(0));
    const test = this.#rest.nextTest();
    if (test) this.#rest.started(test);
    return test;
  }

  /** @override @type {Column['verdict']} */
  verdict(test, red) {
    const task = this.#tasks.get(test);
    if (task !== undefined) {
      this.#tasks.delete(test);
      if (red) this.suspect(task, test.sequence);
      else this.#green.push(task);
      return;
    }
    this.#rest.judged(test, red);
    this.landed = [...this.#rest.landed];
    for (const rejected of this.#rest.rejected) this.rejected.add(rejected);
  }
}

/** @type {Readonly<Record<string, (options: {slots: number, reds: number}) => import('./simulate.mjs').Policy>>} */
export const columns = {
  'one by one': (options) => new OneByOne(options),
  'Zuul, window 8': (options) => new Zuul(options),
  'bisecting batch': (options) => new Bisect(options),
  'prefix search': (options) => new PrefixSearch(options),
  'each alone, then joint': (options) => new Alone(options),
};

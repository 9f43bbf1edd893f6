import type { Clock } from '@pwt/core';
import type { RefusedJobs as Told } from '../protocol/presence.js';

/** So many different ones are told, the last ones, and so much of each. */
const TOLD = 5;
const TOLD_CHARACTERS = 300;
/** They are told for this long, in milliseconds. */
const TOLD_MS = 60 * 60_000;

/** What the worker was asked for and has refused lately, for those who look at it from elsewhere. */
export class RefusedJobs {
  readonly #clock: Clock;
  readonly #last = new Map<string, number>();
  #count = 0;
  #at = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param what which job, and why */
  add(what: string): void {
    // Nobody has refused anything for long: it is counted anew.
    if (this.recent === undefined) this.#count = 0;
    this.#count += 1;
    this.#at = this.#clock.now();
    const text = what.slice(0, TOLD_CHARACTERS);
    this.#last.delete(text);
    this.#last.set(text, this.#at);
    const [oldest] = this.#last.keys();
    if (this.#last.size > TOLD && oldest !== undefined) this.#last.delete(oldest);
  }

  /** `undefined` if there are none. */
  get recent(): Told | undefined {
    const now = this.#clock.now();
    if (now - this.#at >= TOLD_MS) return undefined;
    const last = [...this.#last].filter(([, at]) => now - at < TOLD_MS).map(([text]) => text);
    return { count: this.#count, last };
  }
}

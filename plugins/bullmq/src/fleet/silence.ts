/**
 * How long workers have said nothing, while Redis could be reached all that time. Only what was looked at counts: a time in which nobody
 * could look says nothing of the workers, so it starts all over after that.
 */
export class Silence {
  readonly #maxGapMs: number;
  readonly #since = new Map<string, number>();
  #lastLook: number | undefined;

  /** @param maxGapMs two looks that are further apart are not one time of looking */
  constructor(maxGapMs: number) {
    this.#maxGapMs = maxGapMs;
  }

  /** Redis was asked for the presence of `asked`, and has answered. `now` is of a clock that only goes forward. */
  look(now: number, asked: Iterable<string>, present: { has(worker: string): boolean }): void {
    if (this.#lastLook !== undefined && now - this.#lastLook > this.#maxGapMs) this.#since.clear();
    this.#lastLook = now;
    for (const worker of asked) {
      if (present.has(worker)) this.#since.delete(worker);
      else if (!this.#since.has(worker)) this.#since.set(worker, now);
    }
  }

  /** The connection to Redis was lost. */
  interrupt(): void {
    this.#since.clear();
    this.#lastLook = undefined;
  }

  silentMs(worker: string): number {
    const since = this.#since.get(worker);
    return since === undefined || this.#lastLook === undefined ? 0 : this.#lastLook - since;
  }
}

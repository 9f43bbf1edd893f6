/**
 * Counts how often each ready task has been passed over, that is, a less preferred one was started. Tasks go by their
 * rank: 0 is the most preferred.
 *
 * A start costs a step for each rank between the most preferred ready task and the one that is started.
 */
export class PassedOver {
  /** -1 for a task that is not ready. */
  readonly #counts: Int32Array;
  /** No task before this rank is ready. */
  #first: number;

  constructor(ranks: number) {
    this.#counts = new Int32Array(ranks).fill(-1);
    this.#first = ranks;
  }

  /** The task is ready from now on: its count begins at 0. */
  begin(rank: number): void {
    this.#counts[rank] = 0;
    this.#first = Math.min(this.#first, rank);
  }

  /** The task is not ready any more. */
  end(rank: number): void {
    this.#counts[rank] = -1;
    while (this.#first < this.#counts.length && this.#counts[this.#first] === -1) this.#first += 1;
  }

  /** A task was started: all that are ready and preferred to it were passed over. */
  started(rank: number): void {
    for (let at = this.#first; at < rank; at += 1) {
      const count = this.#counts[at] as number;
      if (count >= 0) this.#counts[at] = count + 1;
    }
  }

  /** The most preferred task that was passed over so often. */
  firstOf(times: number): number | undefined {
    for (let at = this.#first; at < this.#counts.length; at += 1) {
      if ((this.#counts[at] as number) >= times) return at;
    }
    return undefined;
  }
}

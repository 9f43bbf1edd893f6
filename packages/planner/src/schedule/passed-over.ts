/**
 * Counts how often each ready task has been passed over: a less preferred one was started. Tasks are known by their rank: 0
 * is the most preferred.
 *
 * A start costs a step for each rank between the most preferred ready task and the one that is started.
 */
export class PassedOver {
  readonly #limit: number;
  /** -1 for a task that is not ready. */
  readonly #counts: Int32Array;
  /** No task before this rank is ready. */
  #first: number;
  /** How many tasks have reached the limit. */
  #reached = 0;

  /** @param limit the count from which {@link first} names a task; at least 1 */
  constructor(ranks: number, limit: number) {
    this.#limit = limit;
    this.#counts = new Int32Array(ranks).fill(-1);
    this.#first = ranks;
  }

  /** The task is ready from now on: its count begins at 0. */
  begin(rank: number): void {
    this.#set(rank, 0);
    this.#first = Math.min(this.#first, rank);
  }

  /** The task is not ready any more. */
  end(rank: number): void {
    this.#set(rank, -1);
    while (this.#first < this.#counts.length && this.#counts[this.#first] === -1) this.#first += 1;
  }

  /** A task was started: ready tasks that are preferred to it have been passed over. */
  started(rank: number): void {
    for (let at = this.#first; at < rank; at += 1) {
      const count = this.#counts[at] as number;
      if (count < 0) continue;
      this.#counts[at] = count + 1;
      if (count + 1 === this.#limit) this.#reached += 1;
    }
  }

  /** How often a ready task was passed over. */
  countOf(rank: number): number {
    return Math.max(0, this.#counts[rank] ?? 0);
  }

  /** The most preferred task that has reached the limit. */
  first(): number | undefined {
    if (this.#reached === 0) return undefined;
    const at = this.#counts.findIndex((count) => count >= this.#limit);
    return at < 0 ? undefined : at;
  }

  #set(rank: number, count: number): void {
    if ((this.#counts[rank] as number) >= this.#limit) this.#reached -= 1;
    this.#counts[rank] = count;
  }
}

/**
 * Counts how often each waiting task has been passed over, that is, a less preferred one was started. A tree over the
 * ranks of the tasks (0 is the most preferred): each step is O(log n), where counting at every task would make a run
 * of n tasks quadratic.
 */
export class Patience {
  readonly #leaves: number;
  /** The highest count below a node, without what {@link #pending} of the nodes above adds; -Infinity for none. */
  readonly #most: Float64Array;
  /** To be added to everything below a node. */
  readonly #pending: Float64Array;

  constructor(ranks: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, ranks)));
    this.#most = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY);
    this.#pending = new Float64Array(2 * this.#leaves);
  }

  /** The task waits from now on: its count begins at 0. */
  begin(rank: number): void {
    let above = 0;
    for (let node = (this.#leaves + rank) >> 1; node > 0; node >>= 1) above += this.#pending[node] as number;
    this.#set(rank, -above);
  }

  /** The task waits no more. */
  end(rank: number): void {
    this.#set(rank, Number.NEGATIVE_INFINITY);
  }

  /** A task was started: all that wait and are preferred to it were passed over. */
  passOver(rank: number): void {
    // The ranks before this one are whole subtrees to the left of the way from its leaf to the root.
    for (let node = this.#leaves + rank; node > 1; node >>= 1) {
      if (node % 2 === 1) this.#raise(node - 1);
      this.#update(node >> 1);
    }
  }

  /** The most preferred task that was passed over so often. */
  firstPassedOver(times: number): number | undefined {
    if ((this.#most[1] as number) < times) return undefined;
    let node = 1;
    let wanted = times;
    while (node < this.#leaves) {
      wanted -= this.#pending[node] as number;
      node *= 2;
      if ((this.#most[node] as number) < wanted) node += 1;
    }
    return node - this.#leaves;
  }

  #set(rank: number, count: number): void {
    const leaf = this.#leaves + rank;
    this.#most[leaf] = count;
    this.#pending[leaf] = 0;
    for (let node = leaf >> 1; node > 0; node >>= 1) this.#update(node);
  }

  #raise(node: number): void {
    this.#most[node] = (this.#most[node] as number) + 1;
    this.#pending[node] = (this.#pending[node] as number) + 1;
  }

  #update(node: number): void {
    const below = Math.max(this.#most[2 * node] as number, this.#most[2 * node + 1] as number);
    this.#most[node] = below + (this.#pending[node] as number);
  }
}

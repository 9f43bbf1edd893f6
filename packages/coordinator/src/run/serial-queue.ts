/** Runs jobs one after the other, in the order in which they were added. A failing job does not stop the next. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #open = 0;

  /** How many jobs have not begun yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** True if every job has ended. */
  get isIdle(): boolean {
    return this.#open === 0;
  }

  run<T>(job: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    this.#open += 1;
    const result = this.#tail
      .then(() => {
        this.#waiting -= 1;
        return job();
      })
      .finally(() => {
        this.#open -= 1;
      });
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything that was added so far has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}

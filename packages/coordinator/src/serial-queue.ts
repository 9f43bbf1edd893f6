/** Runs jobs one after the other, in the order in which they came. A failing job does not stop the next. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything that was added so far has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}

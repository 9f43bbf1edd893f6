interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The tasks that wait for the gate, each with the promise that settles when it is decided. */
export class WaitingTasks {
  readonly #tasks = new Map<string, Waiting>();
  /** Tasks whose decision is not carried out yet. */
  readonly #decided = new Set<string>();

  get ids(): readonly string[] {
    return [...this.#tasks.keys()];
  }

  /** Those about which nothing is decided: only they may be ended by anything else than a decision. */
  get undecided(): readonly string[] {
    return this.ids.filter((taskId) => !this.#decided.has(taskId));
  }

  /** Resolves when the task is decided, or does not go on in this process. */
  wait(taskId: string): Promise<void> {
    return new Promise((resolve, reject) => this.#tasks.set(taskId, { resolve, reject }));
  }

  /** A decision about the task is about to be carried out. */
  decide(taskId: string): void {
    this.#decided.add(taskId);
  }

  /** The decision is not carried out: the task waits for another one. */
  undecide(taskId: string): void {
    this.#decided.delete(taskId);
  }

  /** @param error what went wrong with the task, so that no verdict decides on it */
  settle(taskId: string, error?: { readonly cause: unknown }): void {
    const waiting = this.#tasks.get(taskId);
    this.#tasks.delete(taskId);
    this.#decided.delete(taskId);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error.cause);
  }
}

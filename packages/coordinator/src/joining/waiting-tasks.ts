interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The tasks that wait for the gate, each with the promise that settles when it is decided. */
export class WaitingTasks {
  readonly #tasks = new Map<string, Waiting>();

  get ids(): readonly string[] {
    return [...this.#tasks.keys()];
  }

  /** Resolves when the task is decided, or does not go on in this process. */
  wait(taskId: string): Promise<void> {
    return new Promise((resolve, reject) => this.#tasks.set(taskId, { resolve, reject }));
  }

  /** @param error what went wrong with the task, so that no verdict decides on it */
  settle(taskId: string, error?: { readonly cause: unknown }): void {
    const waiting = this.#tasks.get(taskId);
    this.#tasks.delete(taskId);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error.cause);
  }
}

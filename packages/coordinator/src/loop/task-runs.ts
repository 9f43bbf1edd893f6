/**
 * The tasks that this process works on. A task that starts over can begin again while its earlier attempt is still ending;
 * the new attempt then waits for that.
 */
export class TaskRuns {
  readonly #runs = new Map<string, Promise<void>>();

  get taskIds(): Iterable<string> {
    return this.#runs.keys();
  }

  has(taskId: string): boolean {
    return this.#runs.has(taskId);
  }

  get isIdle(): boolean {
    return this.#runs.size === 0;
  }

  /** Settles as the job does; the task is worked on until then. */
  begin(taskId: string, job: () => Promise<void>): Promise<void> {
    const run = (this.#runs.get(taskId) ?? Promise.resolve()).then(job).finally(() => {
      if (this.#runs.get(taskId) === run) this.#runs.delete(taskId);
    });
    this.#runs.set(taskId, run);
    return run;
  }
}

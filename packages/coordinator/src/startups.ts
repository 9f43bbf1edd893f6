/** Knows which tasks are on their way to a running agent, so that what can wait lets them go first. */
export class Startups {
  readonly #taskIds = new Set<string>();
  #waiting: (() => void)[] = [];

  begin(taskId: string): void {
    this.#taskIds.add(taskId);
  }

  /** The agent runs, or the task came to nothing; harmless for a task that was never begun. */
  end(taskId: string): void {
    this.#taskIds.delete(taskId);
    if (this.#taskIds.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when nothing is being started. */
  async quiet(): Promise<void> {
    while (this.#taskIds.size > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }
}

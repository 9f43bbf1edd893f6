import type { Clock } from '@pwt/core';

/** How long a finished task waits for agents to start: the time of a few starts, less than that of a set-up. */
const COURTESY_MS = 250;

/** Knows which tasks are starting an agent, so that jobs that can wait let them go first. */
export class Startups {
  readonly #taskIds = new Set<string>();
  #waiting: (() => void)[] = [];

  begin(taskId: string): void {
    this.#taskIds.add(taskId);
  }

  /** The agent runs, or the task has ended. No effect for a task that was not begun. */
  end(taskId: string): void {
    this.#taskIds.delete(taskId);
    if (this.#taskIds.size > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /**
   * Waits a short time until no agent is being started. An agent for a slot that is free goes first, since an idle slot costs
   * more than work that is collected a moment later.
   */
  async letGoFirst(clock: Clock): Promise<void> {
    // The loop that fills the slot runs after this turn of the event loop.
    await new Promise(setImmediate);
    if (this.#taskIds.size === 0) return;
    let cancel: () => void = () => undefined;
    const longEnough = new Promise<void>((resolve) => {
      cancel = clock.after(COURTESY_MS, resolve);
    });
    await Promise.race([this.quiet(), longEnough]);
    cancel();
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

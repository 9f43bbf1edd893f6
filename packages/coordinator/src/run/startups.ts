import type { Clock } from '@pwt/core';

/** How long a finished task waits for others to start: about what a few starts take, never as long as a set-up. */
const COURTESY_MS = 250;

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

  /**
   * Waits until nothing is being started, but not for long: an agent that takes the slot which has just become free
   * goes first, since an idle slot costs more than work that is collected a moment later.
   */
  async letGoFirst(clock: Clock): Promise<void> {
    // The loop that fills the slot was woken in this very turn.
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

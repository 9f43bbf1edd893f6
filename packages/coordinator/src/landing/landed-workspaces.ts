import { removeWorkspace, tidyUp } from '../pipeline/clean-up.js';
import type { RunContext } from '../run/run-context.js';
import { Removals } from './removals.js';

/** Removes the workspaces of tasks that have landed; the provider checks for itself that they have. */
export class LandedWorkspaces {
  readonly #context: RunContext;
  readonly #removals = new Removals();

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** These tasks have just landed. */
  add(taskIds: readonly string[]): void {
    this.#removals.add(taskIds);
  }

  /**
   * Removes what waits to be removed. Nothing waits for it, so agents that are being started have the machine first, as
   * long as few workspaces wait.
   */
  async remove(): Promise<void> {
    while (await this.#removeNext());
  }

  /** Lets so many more tasks land without too many workspaces waiting: removes what is too much. */
  async makeRoom(landing: number): Promise<void> {
    await this.#removals.roomFor(landing, () => this.#removeNext());
  }

  /** Removes those of all tasks that have landed: one that was kept the first time may be free now. */
  async removeAll(): Promise<void> {
    this.#removals.clear();
    for (const taskId of [...this.#context.log.state.tasks.keys()]) await this.#removeIfLanded(taskId);
  }

  /** False if there is none to remove, or enough is being removed. */
  async #removeNext(): Promise<boolean> {
    const taskId = this.#removals.take();
    if (taskId === undefined) return false;
    try {
      await this.#removals.turn(this.#context.agents.startups.quiet());
      await this.#removeIfLanded(taskId);
    } finally {
      this.#removals.done();
    }
    return true;
  }

  async #removeIfLanded(taskId: string): Promise<void> {
    const context = this.#context;
    const { outcome, workspace, workspaceGone } = context.log.task(taskId);
    if (outcome !== 'landed' || workspaceGone) return;
    const { landedTip } = context.log.run;
    await tidyUp(context, async () => {
      await removeWorkspace(context, taskId, workspace, { containedIn: landedTip });
    });
  }
}

import { landedAs } from '@pwt/core';
import { removeWorkspace, tidyUp } from '../pipeline/clean-up.js';
import type { RunContext } from '../run/run-context.js';
import { AT_THE_END, Removals } from './removals.js';

/** Removes the workspaces of tasks that have landed. The provider checks that itself before it removes one. */
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
   * Removes the workspaces in the queue, side by side where nothing else is left to do. Agents that are being started go
   * first, as long as the queue is short.
   */
  async remove(): Promise<void> {
    const lane = async () => {
      while (await this.#removeNext());
    };
    await Promise.all(Array.from({ length: AT_THE_END }, lane));
  }

  /** Makes room in the queue for this many more tasks: removes workspaces until it is short enough. */
  async makeRoom(landing: number): Promise<void> {
    await this.#removals.roomFor(landing, () => this.#removeNext());
  }

  /** Removes the workspaces of all tasks that have landed, also one that could not be removed the first time. */
  async removeAll(): Promise<void> {
    this.#removals.clear();
    const taskIds = this.#context.log.state.tasks.keys();
    const lane = async () => {
      for (const taskId of taskIds) await this.#removeIfLanded(taskId);
    };
    await Promise.all(Array.from({ length: AT_THE_END }, lane));
  }

  /** False if there is none to remove, or enough removals are under way. */
  async #removeNext(): Promise<boolean> {
    const { agents, scheduler } = this.#context;
    const isEnding = agents.taskIds.length === 0 && scheduler.waitingCount === 0;
    const taskId = this.#removals.take({ isEnding });
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
    const task = context.log.task(taskId);
    if (task.outcome !== 'landed' || task.workspaceGone) return;
    const { landedTip: containedIn } = context.log.run;
    await tidyUp(context, async () => {
      await removeWorkspace(context, taskId, task.workspace, {
        containedIn,
        landedAs: landedAs(task, context.options),
      });
    });
  }
}

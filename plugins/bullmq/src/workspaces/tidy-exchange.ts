import { isPwtError } from '@pwt/core';
import type { WorkspacesContext } from './context.js';
import type { Placement } from './placement.js';

/** After so many workspaces that were removed, the exchange is tidied: each push grows with the refs that are there. */
const BATCH = 40;

/**
 * Removes from the exchange what is safe here, so that it is not slower for each task that was done. What can't be removed is named
 * and does not fail the caller: it goes with its run, or by `pwt clean`.
 */
export class ExchangeTidying {
  readonly #context: WorkspacesContext;
  readonly #removed = new Map<string, number>();

  constructor(context: WorkspacesContext) {
    this.#context = context;
  }

  /** A task's workspace was removed. */
  async removed(runId: string): Promise<void> {
    const count = (this.#removed.get(runId) ?? 0) + 1;
    this.#removed.set(runId, count % BATCH);
    if (count < BATCH) return;
    const { exchange, placements } = this.#context;
    let there: Promise<readonly Placement[]> | undefined;
    const isOver = async (taskId: string) => {
      there ??= placements.list(runId);
      return !(await there).some((one) => one.taskId === taskId || one.leftOf === taskId);
    };
    await this.#try(`run ${runId}`, () => exchange.prune(runId, isOver));
  }

  /** Releases the runs that have no workspace any more. */
  async abandoned(): Promise<void> {
    const { exchange, placements } = this.#context;
    await this.#try('earlier runs', async () => {
      for (const runId of await exchange.unreleased()) {
        const { placements: there, damaged } = await placements.look(runId);
        if (there.length + damaged.length === 0)
          await this.#try(`run ${runId}`, () => exchange.release(runId));
      }
    });
  }

  async #try(whose: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!isPwtError(error)) throw error;
      this.#context.warn(`Refs of ${whose} stay on the exchange until pwt clean: ${error.message}`);
    }
  }
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPwtError, shellQuote } from '@pwt/core';
import type { Standing } from '../exchange/exchange.js';
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
  /** Of each run, the tasks whose last workspace was removed on evidence. After a restart they are looked at one by one. */
  readonly #safe = new Map<string, Set<string>>();

  constructor(context: WorkspacesContext) {
    this.#context = context;
  }

  /** A task gets a workspace. */
  begun(runId: string, taskId: string): void {
    this.#safe.get(runId)?.delete(taskId);
  }

  /** A task's workspace was removed: what was in it has landed, or a snapshot has it. */
  async removed(runId: string, taskId: string): Promise<void> {
    this.#safe.set(runId, (this.#safe.get(runId) ?? new Set()).add(taskId));
    const count = (this.#removed.get(runId) ?? 0) + 1;
    this.#removed.set(runId, count % BATCH);
    if (count < BATCH) return;
    await this.#try(`run ${runId}`, () => this.#context.exchange.prune(runId, this.standingIn(runId)));
  }

  /** How the tasks of a run stand, by one look at the records. */
  standingIn(runId: string): (taskId: string) => Promise<Standing> {
    let there: Promise<readonly Placement[]> | undefined;
    return async (taskId) => {
      there ??= this.#context.placements.list(runId);
      if ((await there).some((one) => one.taskId === taskId || one.leftOf === taskId)) return 'open';
      return this.#safe.get(runId)?.has(taskId) === true ? 'safe' : 'over';
    };
  }

  /** The run is closed. */
  forget(runId: string): void {
    this.#safe.delete(runId);
    this.#removed.delete(runId);
  }

  /** Releases the runs that have no workspace any more, and names work that has come since they were closed. */
  async abandoned(): Promise<void> {
    const { exchange, placements, stateDir } = this.#context;
    await this.#try('earlier runs', async () => {
      for (const runId of await exchange.unreleased(await entriesOf(join(stateDir, 'runs')))) {
        const { placements: there, damaged } = await placements.look(runId);
        if (there.length + damaged.length === 0)
          await this.#try(`run ${runId}`, async () => {
            for (const ref of await exchange.release(runId)) this.#name(runId, ref);
          });
      }
    });
  }

  #name(runId: string, ref: string): void {
    const taskId = ref.split('/')[4] ?? '';
    this.#context.warn(
      `Work of task ${taskId} in run ${runId} was on the exchange alone. It is kept as ${ref}. To see it: pwt restore ${shellQuote(taskId)}`,
    );
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

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

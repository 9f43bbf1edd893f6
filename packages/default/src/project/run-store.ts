import { FileJournalStore } from '@pwt/coordinator/journal';
import { hasCode, PwtError, type RunEvent, type RunState, reduceRun } from '@pwt/core';
import type { Project } from './project.js';
import { runsDir } from './project.js';

/** How many runs back a command looks unless it looks for damage: reading every log takes time. */
export const RECENT_RUNS = 20;

/** A run whose log can't be read to its end. */
export interface DamagedRun {
  readonly runId: string;
  /** What the readable part of the log says. */
  readonly state: RunState;
  /** `PWT_JOURNAL_CORRUPT` or `PWT_JOURNAL_NEWER`, with the place. */
  readonly damage: PwtError;
}

/**
 * Reads the recorded runs of a project, from any process, while they run and after. Changes nothing.
 *
 * A damaged log affects its own run only: the other runs are found, and {@link damaged} names the damaged one.
 */
export class RunStore {
  readonly #journals: FileJournalStore;

  constructor(project: Pick<Project, 'stateDir'>) {
    this.#journals = new FileJournalStore({ dir: runsDir(project) });
  }

  /** The ids of all runs, oldest first. */
  list(): Promise<readonly string[]> {
    return this.#journals.list();
  }

  /** True if no later run is recorded: commands find it without its id. */
  async isNewest(runId: string): Promise<boolean> {
    return (await this.list()).at(-1) === runId;
  }

  /** @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_JOURNAL_NEWER` */
  events(runId: string): Promise<readonly RunEvent[]> {
    return this.#journals.read(runId);
  }

  /** @throws PwtError as {@link events} */
  async state(runId: string): Promise<RunState> {
    return reduceRun(await this.events(runId), runId);
  }

  /**
   * Renames a run's damaged log; the run is then unknown.
   *
   * @returns where it is now
   */
  moveAside(runId: string): Promise<string> {
    return this.#journals.moveAside(runId, Date.now());
  }

  /** The state that the readable part of a log gives. @throws PwtError `PWT_RUN_UNKNOWN` */
  async readable(runId: string): Promise<{ readonly state: RunState; readonly damage?: PwtError }> {
    const { events, damage } = await this.#journals.readable(runId);
    return { state: reduceRun(events, runId), ...(damage ? { damage } : {}) };
  }

  /** The runs whose logs can't be read to their end, oldest first; of all, or of so many newest ones. */
  async damaged({
    newest = Number.POSITIVE_INFINITY,
  }: {
    readonly newest?: number;
  } = {}): Promise<readonly DamagedRun[]> {
    const found = await Promise.all(
      (await this.list())
        .slice(-newest)
        .map(async (runId) => ({ runId, ...(await this.#readableIfKnown(runId)) })),
    );
    return found.flatMap(({ runId, state, damage }) => (state && damage ? [{ runId, state, damage }] : []));
  }

  /** The states of all runs whose logs can be read, oldest first. */
  async states(): Promise<readonly RunState[]> {
    const states = await Promise.all((await this.list()).map((runId) => this.#stateIfBegun(runId)));
    return states.filter((state) => state !== undefined);
  }

  /** The newest run that matches, of those whose logs can be read; `undefined` if there is none. */
  async latest(fits: (state: RunState) => boolean = () => true): Promise<RunState | undefined> {
    for (const runId of [...(await this.list())].reverse()) {
      const state = await this.#stateIfBegun(runId);
      if (state && fits(state)) return state;
    }
    return undefined;
  }

  /**
   * The named run, or the newest that matches.
   *
   * @throws PwtError as {@link events}; if none matches, the damage of the newest log that might have, or `PWT_NO_RUN`
   */
  async find(
    runId: string | undefined,
    fits: (state: RunState) => boolean,
    what: string,
    hint = 'Start one with `pwt run`.',
  ): Promise<RunState> {
    if (runId !== undefined) return this.state(runId);
    const found = await this.latest(fits);
    if (found) return found;
    const damaged = (await this.damaged()).at(-1);
    if (damaged) throw damaged.damage;
    throw new PwtError('PWT_NO_RUN', `There is no run ${what} in this repository.`, { hint });
  }

  /** A run that died before its first event has no state, and neither has a damaged log. */
  async #stateIfBegun(runId: string): Promise<RunState | undefined> {
    const found = await this.#readableIfKnown(runId);
    return found?.damage || found?.state.status === 'empty' ? undefined : found?.state;
  }

  async #readableIfKnown(runId: string): Promise<Awaited<ReturnType<RunStore['readable']>> | undefined> {
    try {
      return await this.readable(runId);
    } catch (error) {
      if (hasCode(error, 'PWT_RUN_UNKNOWN')) return undefined;
      throw error;
    }
  }
}

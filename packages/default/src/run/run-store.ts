import { FileJournalStore } from '@pwt/coordinator';
import { hasCode, PwtError, type RunEvent, type RunState, reduceRun } from '@pwt/core';
import { runsDir } from '../parts/composition.js';
import type { Project } from '../project/project.js';

/** Reads the recorded runs of a project, from any process, while they run and after. Changes nothing. */
export class RunStore {
  readonly #journals: FileJournalStore;

  constructor(project: Pick<Project, 'stateDir'>) {
    this.#journals = new FileJournalStore({ dir: runsDir(project) });
  }

  /** The ids of all runs, oldest first. */
  list(): Promise<readonly string[]> {
    return this.#journals.list();
  }

  /** @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_JOURNAL_NEWER` */
  events(runId: string): Promise<readonly RunEvent[]> {
    return this.#journals.read(runId);
  }

  /** @throws PwtError as {@link events} */
  async state(runId: string): Promise<RunState> {
    return reduceRun(await this.events(runId), runId);
  }

  /** The states of all runs, oldest first. */
  async states(): Promise<readonly RunState[]> {
    const states = await Promise.all((await this.list()).map((runId) => this.#stateIfBegun(runId)));
    return states.filter((state) => state !== undefined);
  }

  /** The newest run that fits; `undefined` if there is none. */
  async latest(fits: (state: RunState) => boolean = () => true): Promise<RunState | undefined> {
    for (const runId of [...(await this.list())].reverse()) {
      const state = await this.#stateIfBegun(runId);
      if (state && fits(state)) return state;
    }
    return undefined;
  }

  /**
   * The named run, or the newest that fits.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN` as {@link events}, `PWT_NO_RUN` if none fits
   */
  async find(runId: string | undefined, fits: (state: RunState) => boolean, what: string): Promise<RunState> {
    if (runId !== undefined) return this.state(runId);
    const found = await this.latest(fits);
    if (found) return found;
    throw new PwtError('PWT_NO_RUN', `There is no run ${what} in this repository.`, {
      hint: 'Start one with `pwt run`.',
    });
  }

  /** A run that died before its first event says nothing. */
  async #stateIfBegun(runId: string): Promise<RunState | undefined> {
    try {
      const state = await this.state(runId);
      return state.status === 'empty' ? undefined : state;
    } catch (error) {
      if (hasCode(error, 'PWT_RUN_UNKNOWN')) return undefined;
      throw error;
    }
  }
}

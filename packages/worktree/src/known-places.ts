import { isPwtError } from '@pwt/core';
import type { WorktreeRecord, WorktreeRecords } from './records.js';

type Place = Pick<WorktreeRecord['workspace'], 'path' | 'branch'>;

/**
 * Which worktree of a run has a path or a branch. Each record is read once for that, so that the answer costs hardly
 * more with 1,000 worktrees than with one.
 */
export class KnownPlaces {
  readonly #records: WorktreeRecords;
  /** By the id of the record. */
  readonly #places = new Map<string, Place>();

  constructor(records: WorktreeRecords) {
    this.#records = records;
  }

  /** The record of a run whose place fits; `undefined` if there is none. */
  async find(runId: string, fits: (place: Place) => boolean): Promise<WorktreeRecord | undefined> {
    const ids = await this.#records.ids(runId);
    const there = new Set(ids);
    for (const id of this.#places.keys()) if (!there.has(id)) this.#places.delete(id);
    await Promise.all(
      ids
        .filter((id) => !this.#places.has(id))
        .map(async (id) => {
          const record = await this.#read(id);
          if (record !== undefined) this.#places.set(id, record.workspace);
        }),
    );
    for (const [id, place] of this.#places) {
      if (!there.has(id) || !fits(place)) continue;
      // As it is now: it may have been made anew, elsewhere.
      const record = await this.#read(id);
      if (record?.workspace.runId === runId && fits(record.workspace)) return record;
    }
    return undefined;
  }

  /** A damaged record is reported elsewhere. */
  async #read(id: string): Promise<WorktreeRecord | undefined> {
    return this.#records.read(id).catch((error: unknown) => {
      if (isPwtError(error)) return undefined;
      throw error;
    });
  }
}

import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isPwtError,
  type Journal,
  type JournalStore,
  PwtError,
  privateModes,
  type RunEvent,
} from '@pwt/core';
import { decodeJournal, type ReadableJournal } from './decode.js';
import { FileJournal, writeFailed } from './file-journal.js';

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Keeps each run's log as JSON lines in `<dir>/<runId>/journal.jsonl`. */
export class FileJournalStore implements JournalStore {
  readonly name = 'file';
  readonly #dir: string;

  /** @param options.dir absolute; made on first use */
  constructor(options: { readonly dir: string }) {
    this.#dir = options.dir;
  }

  async open(runId: string): Promise<Journal> {
    const file = this.#file(runId);
    try {
      await mkdir(join(this.#dir, runId), { recursive: true, mode: privateModes.folder });
      return await FileJournal.open(file);
    } catch (cause) {
      throw isPwtError(cause) ? cause : writeFailed(file, cause);
    }
  }

  async read(runId: string): Promise<readonly RunEvent[]> {
    const { events, damage } = await this.readable(runId);
    if (damage) throw damage;
    return events;
  }

  /**
   * Reads a run's events as far as they can be read.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`
   */
  async readable(runId: string): Promise<ReadableJournal> {
    const file = this.#file(runId);
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR')
        throw new PwtError('PWT_RUN_UNKNOWN', `There is no run ${runId}.`, {
          hint: 'List the runs with `pwt status --all`.',
          cause,
        });
      return { events: [], damage: unreadable(file, cause) };
    }
    const { events, damage } = decodeJournal(bytes, file);
    return { events, ...(damage ? { damage } : {}) };
  }

  /**
   * Renames a run's log, so that the run is unknown and the log is not lost.
   *
   * @returns where the log is now
   */
  async moveAside(runId: string, now: number): Promise<string> {
    const file = this.#file(runId);
    const aside = `${file}.damaged-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
    await rename(file, aside);
    return aside;
  }

  async list({ changedSince }: { readonly changedSince?: number } = {}): Promise<readonly string[]> {
    let names: string[];
    try {
      names = await readdir(this.#dir);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw cause;
    }
    const runIds = names.filter((name) => RUN_ID.test(name)).sort();
    if (changedSince === undefined) return runIds;
    const changed = await Promise.all(runIds.map((runId) => this.#changedAt(runId)));
    return runIds.filter((_, index) => (changed[index] ?? 0) >= changedSince);
  }

  /** When a run's log was last written; 0 for one that has none. */
  async #changedAt(runId: string): Promise<number> {
    try {
      return (await stat(this.#file(runId))).mtimeMs;
    } catch {
      // Read, it says itself what is wrong with it.
      return 0;
    }
  }

  #file(runId: string): string {
    if (!RUN_ID.test(runId)) {
      throw new PwtError('PWT_RUN_UNKNOWN', `${JSON.stringify(runId)} is not the id of a run.`, {
        hint: 'List the runs with `pwt status --all`.',
      });
    }
    return join(this.#dir, runId, 'journal.jsonl');
  }
}

function unreadable(file: string, cause: unknown): PwtError {
  return new PwtError('PWT_JOURNAL_CORRUPT', `The run's log can't be read: ${String(cause)}`, {
    place: { path: file },
    hint: 'Branches and worktrees of the run are untouched. To move the log aside: pwt doctor --fix',
    cause,
  });
}

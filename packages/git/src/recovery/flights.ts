import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '@pwt/core';
import { privateModes } from '@pwt/core';
import type { ProcessView } from './process-view.js';
import { takesLocks } from './subcommand.js';

/** A git command that takes locks, on record for as long as it runs. */
export interface Flight {
  readonly v: 1;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Milliseconds since the epoch: before git was started. */
  readonly since: number;
  /** The pwt that started it. */
  readonly owner: ProcessIdentity;
  /** A signal ended it; git removes its locks after all but KILL. */
  readonly killed?: true;
}

/** A flight that nothing of pwt waits for any more. */
export interface DeadFlight extends Flight {
  readonly file: string;
}

/**
 * Which git commands of pwt's are running, kept as one small file each.
 *
 * Not synced: it has to outlive the process, not the machine. A lock from before the last boot needs no record.
 */
export class Flights {
  readonly #directory: string;
  readonly #processes: () => Promise<ProcessView>;
  #count = 0;

  constructor(directory: string, processes: () => Promise<ProcessView>) {
    this.#directory = directory;
    this.#processes = processes;
  }

  /**
   * Puts a command on record. Returns how to take it off again; after a signal it stays, as evidence.
   *
   * Where nothing can be written (a read-only or full disk), there is less evidence, and git says what is wrong.
   */
  async begin(args: readonly string[], cwd: string): Promise<(killed: boolean) => Promise<void>> {
    if (!takesLocks(args)) return async () => undefined;
    const owner = (await this.#processes()).self();
    this.#count += 1;
    const file = join(
      this.#directory,
      `${owner.pid}-${owner.startTime.replace(/\W/g, '_')}-${this.#count}.json`,
    );
    const flight: Flight = { v: 1, args, cwd, since: Date.now(), owner };
    await this.#write(file, flight);
    return async (killed) => {
      if (killed) await this.#write(file, { ...flight, killed: true });
      else await rm(file, { force: true }).catch(ignoreReadOnly);
    };
  }

  /** What has died with its pwt, or by a signal. What cannot be read is no evidence. */
  async dead(): Promise<DeadFlight[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    if (names.length === 0) return [];
    const { isAlive } = await this.#processes();
    const found = await Promise.all(names.map((name) => this.#read(join(this.#directory, name))));
    return found
      .filter((flight) => flight !== undefined)
      .filter(({ killed, owner }) => killed || !isAlive(owner));
  }

  /** Removes records that their pwt was killed over before anything was written: they say nothing. */
  async dropEmpty(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    if (names.length === 0) return;
    const { isAlive, self } = await this.#processes();
    for (const name of names) {
      const [pid, startTime = ''] = name.split('-');
      const isOfLiving = isAlive({ pid: Number(pid), startTime, bootId: self().bootId });
      const file = join(this.#directory, name);
      if (!isOfLiving && (await this.#read(file)) === undefined)
        await rm(file, { force: true }).catch(ignoreReadOnly);
    }
  }

  async forget(flights: readonly DeadFlight[]): Promise<void> {
    for (const { file } of flights) await rm(file, { force: true }).catch(ignoreReadOnly);
  }

  async #write(file: string, flight: Flight): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
      await writeFile(file, JSON.stringify(flight), { mode: privateModes.file });
    } catch (error) {
      ignoreReadOnly(error);
    }
  }

  async #read(file: string): Promise<DeadFlight | undefined> {
    try {
      const flight = JSON.parse(await readFile(file, 'utf8')) as Partial<Flight>;
      const isWhole = flight.v === 1 && Array.isArray(flight.args) && typeof flight.owner?.pid === 'number';
      return isWhole ? { ...(flight as Flight), file } : undefined;
    } catch (error) {
      // Cut short by a full disk, or taken off meanwhile.
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
        return undefined;
      throw error;
    }
  }
}

function ignoreReadOnly(error: unknown): void {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'ENOENT', 'ENOTDIR'].includes(code)) throw error;
}

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '@pwt/core';
import { privateModes } from '@pwt/core';
import type { ProcessView } from './process-view.js';
import { takesLocks } from './subcommand.js';

/** A git command that takes locks, recorded for as long as it runs. */
export interface RunningCommand {
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

/** A command that nothing of pwt waits for any more. */
export interface DeadCommand extends RunningCommand {
  readonly file: string;
}

/**
 * The records of pwt's running git commands, one small file each.
 *
 * Not synced: a record has to outlive the process, not the machine. A lock from before the last boot needs no record.
 */
export class RunningCommands {
  readonly #directory: string;
  readonly #processes: () => Promise<ProcessView>;
  #count = 0;

  constructor(directory: string, processes: () => Promise<ProcessView>) {
    this.#directory = directory;
    this.#processes = processes;
  }

  /**
   * Records a command. Returns a function that removes the record; after a signal the record stays, as evidence.
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
    const command: RunningCommand = { v: 1, args, cwd, since: Date.now(), owner };
    await this.#write(file, command);
    return async (killed) => {
      if (killed) await this.#write(file, { ...command, killed: true });
      else await rm(file, { force: true }).catch(ignoreReadOnly);
    };
  }

  /** The commands that have died with their pwt, or by a signal. A record that can't be read is left out. */
  async dead(): Promise<DeadCommand[]> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    if (names.length === 0) return [];
    const { isAlive } = await this.#processes();
    const found = await Promise.all(names.map((name) => this.#read(join(this.#directory, name))));
    return found
      .filter((command) => command !== undefined)
      .filter(({ killed, owner }) => killed || !isAlive(owner));
  }

  /** Removes the empty records of a pwt that was killed before it had written them. */
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

  async forget(commands: readonly DeadCommand[]): Promise<void> {
    for (const { file } of commands) await rm(file, { force: true }).catch(ignoreReadOnly);
  }

  async #write(file: string, command: RunningCommand): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true, mode: privateModes.folder });
      await writeFile(file, JSON.stringify(command), { mode: privateModes.file });
    } catch (error) {
      ignoreReadOnly(error);
    }
  }

  async #read(file: string): Promise<DeadCommand | undefined> {
    try {
      const command = JSON.parse(await readFile(file, 'utf8')) as Partial<RunningCommand>;
      const isWhole =
        command.v === 1 && Array.isArray(command.args) && typeof command.owner?.pid === 'number';
      return isWhole ? { ...(command as RunningCommand), file } : undefined;
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

import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { decodeText, diskPath } from '@pwt/git';

/** What a watch has seen since it was last asked. */
export interface SeenMoves {
  /** Paths at which something may have changed, relative to the top. */
  readonly paths: ReadonlySet<string>;
  /** True if there was more than a watch keeps: everything may have changed. */
  readonly isFlooded: boolean;
}

/** How many folders are watched in all: the system gives a user so many watches, and others need some, too. */
export class WatchBudget {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  take(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }

  giveBack(count: number): void {
    this.#left += count;
  }
}

/** More paths than this at once, and a look at everything is as cheap. */
const MOST_PATHS = 4096;

/** True if one watch sees everything below a folder: then only the top is watched. */
const seesBelow = process.platform === 'darwin' || process.platform === 'win32';

/**
 * Tells at which paths below a folder something may have changed, without reading the files again and again. Each folder takes
 * a watch. It opens no file and keeps no program alive.
 */
export class FolderWatch {
  readonly #top: string;
  readonly #budget: WatchBudget;
  readonly #watches = new Map<string, FSWatcher>();
  #paths = new Set<string>();
  #isFlooded = false;

  constructor(top: string, budget: WatchBudget) {
    this.#top = top;
    this.#budget = budget;
  }

  /**
   * Watches folders, relative to the top; that is `''`. One that was watched is watched anew: another may have its name.
   *
   * @returns false if there are no watches left; then nothing is certain
   */
  add(folders: Iterable<string>): boolean {
    for (const folder of folders) {
      if (seesBelow && folder !== '') continue;
      if (!this.#add(folder)) return false;
    }
    return true;
  }

  take(): SeenMoves {
    const seen = { paths: this.#paths, isFlooded: this.#isFlooded };
    this.#paths = new Set();
    this.#isFlooded = false;
    return seen;
  }

  close(): void {
    for (const folder of [...this.#watches.keys()]) this.#drop(folder);
  }

  #add(folder: string): boolean {
    this.#drop(folder);
    if (!this.#budget.take()) return false;
    try {
      const options = { persistent: false, recursive: seesBelow, encoding: 'buffer' as const };
      const made = watch(diskPath(join(this.#top, folder)), options, (_type, name) =>
        this.#moved(folder, name),
      );
      made.on('error', () => this.#moved(folder, null));
      this.#watches.set(folder, made);
      return true;
    } catch (error) {
      this.#budget.giveBack(1);
      const { code } = error as NodeJS.ErrnoException;
      // Not there, or no folder any more: the one around it tells when that changes.
      return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES';
    }
  }

  #drop(folder: string): void {
    const known = this.#watches.get(folder);
    if (known === undefined) return;
    this.#watches.delete(folder);
    this.#budget.giveBack(1);
    known.close();
  }

  #moved(folder: string, name: Buffer | null): void {
    if (name === null) {
      this.#isFlooded = true;
      return;
    }
    const path = folder === '' ? decodeText(name) : `${folder}/${decodeText(name)}`;
    if (this.#paths.size >= MOST_PATHS) this.#isFlooded = true;
    else this.#paths.add(path);
  }
}

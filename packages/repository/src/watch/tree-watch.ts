import { type FSWatcher, lstatSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WatchBlind } from '@pwt/core';
import { blindBy } from './blind.js';

/** A path below the top that was made, changed or removed; relative to the top. `isNew`: it was made, or replaced as a whole. */
export type PathChanged = (path: string, isNew: boolean) => void;

export interface TreeWatchOptions {
  /** Absolute. */
  readonly top: string;
  /** The folders to watch, relative to the top, which itself is always one. */
  readonly folders: Iterable<string>;
  readonly onChange: PathChanged;
  /** A folder that was made meanwhile; {@link TreeWatch.add} watches it, too. */
  readonly onFolder?: (path: string) => void;
  /** Whether there may be another watch. @default always */
  readonly mayAdd?: () => boolean;
  /** Part of the tree is not watched. Told once for each reason; of full, only once. */
  readonly onBlind: (blind: WatchBlind) => void;
}

/**
 * Tells what changes in the folders of a tree: one inotify watch for each of them on Linux, one native stream for the whole
 * tree elsewhere. Never below `.git`. Nothing here keeps the process alive.
 *
 * On Linux Node's own recursive watch is not used: it watches every file, and folders that git ignores.
 */
export class TreeWatch {
  readonly #options: TreeWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #isNative = process.platform === 'darwin' || process.platform === 'win32';
  #isFull = false;

  constructor(options: TreeWatchOptions) {
    this.#options = options;
    this.add(['.', ...(this.#isNative ? [] : options.folders)]);
  }

  /** How many folders are watched. */
  get size(): number {
    return this.#watchers.size;
  }

  add(folders: Iterable<string>): void {
    for (const folder of folders) this.#watch(folder);
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder) || this.#isFull) return;
    if (this.#options.mayAdd?.() === false) {
      this.#tell({ status: 'full', reason: `pwt has a third of the watches that the system gives a user` });
      return;
    }
    try {
      const watcher = watch(
        join(this.#options.top, folder),
        { persistent: false, recursive: this.#isNative },
        (event, name) => this.#changed(folder, event, name),
      );
      // A folder that is removed ends its watch; it is told by the one around it.
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      const blind = blindBy(error);
      if (blind !== undefined) this.#tell(blind);
    }
  }

  #tell({ status, reason }: WatchBlind): void {
    if (status === 'full') this.#isFull = true;
    this.#options.onBlind({ status, reason: `${this.#options.top}: ${reason}` });
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #changed(folder: string, event: string, name: string | null): void {
    if (name === null) return;
    const path = folder === '.' ? name : `${folder}/${name}`;
    if (path === '.git' || path.startsWith('.git/')) return;
    if (event === 'rename' && !this.#isNative) {
      const isFolder = this.#isFolder(path);
      if (isFolder) {
        // Made again under its name: the old watch sees nothing any more.
        this.#drop(path);
        this.#options.onFolder?.(path);
        return;
      }
      this.#drop(path);
    }
    this.#options.onChange(path, event === 'rename');
  }

  #isFolder(path: string): boolean {
    try {
      return lstatSync(join(this.#options.top, path)).isDirectory();
    } catch {
      return false;
    }
  }
}

/** The folders of these files, relative to the top, with those around them. */
export function foldersOf(files: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); folder !== '.' && !folders.has(folder); folder = dirname(folder)) {
      folders.add(folder);
    }
  }
  return folders;
}

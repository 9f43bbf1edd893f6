import { type FSWatcher, watch } from 'node:fs';
import type { ProcessIdentity } from '@pwt/core';
import { isAlive } from './identity.js';
import type { ProcessExit } from './process-exit.js';
import type { StateDirectory } from './state-directory.js';
import type { ExitWatch } from './supervised.js';

/** How often to see whether the supervisor still lives. Its exit record is noticed at once. */
const ALIVE_MS = 1000;
/** How often to look for the exit record where the file system cannot be watched. */
const UNWATCHED_MS = 250;

/** Watches a supervisor that is not our child: by its exit record, and by whether it still lives. */
export class AdoptedExit implements ExitWatch {
  readonly exited: Promise<ProcessExit>;
  readonly #directory: StateDirectory;
  readonly #supervisor: ProcessIdentity;
  readonly #watcher: FSWatcher | undefined;
  readonly #timer: NodeJS.Timeout;
  #settle!: { resolve(exit: ProcessExit): void; reject(error: unknown): void };
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(directory: StateDirectory, supervisor: ProcessIdentity) {
    this.#directory = directory;
    this.#supervisor = supervisor;
    this.exited = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const onChange = (): void => this.#look();
    this.#watcher = tryWatch(directory.path, onChange);
    this.#timer =
      this.#watcher === undefined
        ? setInterval(onChange, UNWATCHED_MS)
        : setInterval(() => isAlive(supervisor) || onChange(), ALIVE_MS);
    this.#look();
  }

  release(): void {
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  /** One look at a time; what changes during one is seen by another right after it. */
  #look(): void {
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    this.#lookAgain = false;
    this.#looking = this.#lookOnce()
      .catch((error: unknown) => this.#end(() => this.#settle.reject(error)))
      .finally(() => {
        this.#looking = undefined;
        if (this.#lookAgain) this.#look();
      });
  }

  async #lookOnce(): Promise<void> {
    // In this order: a supervisor that was alive a moment ago may have recorded the exit since.
    const alive = isAlive(this.#supervisor);
    const exit = await this.#directory.exit();
    if (exit !== undefined || !alive) this.#end(() => this.#settle.resolve(exit ?? { kind: 'lost' }));
  }

  #end(settle: () => void): void {
    this.release();
    settle();
  }
}

/** `undefined` where there is nothing to watch with: too many watches, or a network file system. */
function tryWatch(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    // An error of a watch that once worked is a change too; the timer sees what happens later.
    return watch(path, onChange).on('error', onChange);
  } catch {
    return undefined;
  }
}

import { type FSWatcher, watch } from 'node:fs';

/** How soon a file that can't be watched (a network file system, too many watches) is looked at again. */
const UNWATCHED_MS = 1000;

/**
 * Waits until a file changes, without looking at it: many agents that are silent cost nothing. Nothing here keeps the
 * process alive.
 */
export class FileWatch {
  readonly #path: string;
  #watcher: FSWatcher | undefined;
  #isUnwatchable = false;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** True between {@link arm} and the first change after it. */
  get isArmed(): boolean {
    return this.#isUnwatchable || this.#watcher !== undefined;
  }

  /** Notices changes from now on: a caller who then reads the file, and waits if nothing is new, misses none. */
  arm(): void {
    if (this.isArmed || this.#ended) return;
    try {
      const changed = (): void => {
        this.#disarm();
        this.#wake();
      };
      this.#watcher = watch(this.#path, { persistent: false }, changed).on('error', changed);
    } catch {
      this.#isUnwatchable = true;
    }
  }

  /** Resolves at the first change after {@link arm}, or at the end. */
  async changed(): Promise<void> {
    if (this.#ended) return;
    if (this.#watcher !== undefined) return this.#sleep();
    if (this.#isUnwatchable) return this.pause(UNWATCHED_MS);
  }

  /** Resolves after a time, or at the end. */
  async pause(ms: number): Promise<void> {
    if (!this.#ended) await this.#sleep(ms);
  }

  /** Whatever waits goes on at once, now and later. */
  end(): void {
    this.#ended = true;
    this.#disarm();
    this.#wake();
  }

  #disarm(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  async #sleep(ms?: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms).unref();
    });
    clearTimeout(timer);
  }
}

import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Some file systems tell nothing of what happens in a folder. */
const LOOK_EVERY_MS = 2000;
/** A change seldom comes alone: what follows it at once is looked at with it. */
const GATHER_MS = 80;

/** Sleeps until something happens in folders; every two seconds at the latest. */
export class FolderChanges {
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = false;
  #wake: () => void = () => undefined;

  /** Also looks at this folder from now on, as soon as it is there. */
  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, () => this.#notify());
      watcher.on('error', () => this.#drop(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there yet, or the system has no watch left: the timer looks then.
    }
  }

  /** Resolves at a change since the last call, when the time is over, or when it is aborted. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#changed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.#wake, { once: true });
      });
      signal.removeEventListener('abort', this.#wake);
    }
    if (this.#changed && !signal.aborted) await pause(GATHER_MS);
    this.#changed = false;
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#drop(folder);
  }

  #drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #notify(): void {
    this.#changed = true;
    this.#wake();
  }
}

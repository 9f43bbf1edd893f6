import type { ProcessEntry, ProcessSystem } from './system.js';

/**
 * Lets callers that want the process table at the same time share one look at it, so that stopping a hundred
 * trees at once costs little more than stopping one.
 *
 * A look that has already begun is never shared: it may have passed what the caller needs to see.
 */
export class SharedTable {
  readonly #system: ProcessSystem;
  #current: Promise<ProcessEntry[]> | undefined;
  #next: Promise<ProcessEntry[]> | undefined;

  constructor(system: ProcessSystem) {
    this.#system = system;
  }

  /** The table as it is at some time after this call. */
  read(): Promise<ProcessEntry[]> {
    if (this.#current === undefined) return this.#start();
    this.#next ??= this.#current.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<ProcessEntry[]> {
    this.#next = undefined;
    const look = this.#system.table().finally(() => {
      if (this.#current === look) this.#current = undefined;
    });
    this.#current = look;
    return look;
  }
}

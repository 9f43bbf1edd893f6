/** `drain`: start no agent any more, let running ones finish. `now`: stop them; `resume` starts their tasks over. */
export type StopMode = 'drain' | 'now';

/** Whether a run is to stop, and how. `now` after `drain` counts; `drain` after `now` is ignored. */
export class StopSignal {
  readonly #now = new AbortController();
  readonly #listeners = new Set<() => void>();
  #mode: StopMode | undefined;

  /** `undefined` while the run goes on. */
  get mode(): StopMode | undefined {
    return this.#mode;
  }

  /** Aborted once the run is to stop `now`. */
  get signal(): AbortSignal {
    return this.#now.signal;
  }

  request(mode: StopMode): void {
    if (this.#mode === 'now') return;
    this.#mode = mode;
    for (const listener of this.#listeners) listener();
    if (mode === 'now') this.#now.abort();
  }

  /** Calls back after each request that counts; the returned function ends that. */
  onRequest(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** After this long, a coordinator that has not come further does not. */
const PATIENCE_MS = 10_000;

/** Lets the coordinator go on until something is true, or nothing more is to be expected. */
export async function until(isTrue: () => boolean, patienceMs: number = PATIENCE_MS): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (;;) {
    await new Promise(setImmediate);
    if (isTrue()) return true;
    if (performance.now() > end) return false;
  }
}

/** Holds calls until the trace gets to them. */
export class Turns {
  readonly #waiting = new Map<string, (value: unknown) => void>();

  /** Resolves with the next {@link give} of that name. */
  take<T = void>(name: string): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.set(name, (value) => resolve(value as T));
    });
  }

  /** @throws Error if nothing comes to wait for it: then the coordinator is not where the model is */
  async give(name: string, value?: unknown): Promise<void> {
    await until(() => this.#waiting.has(name));
    const resolve = this.#waiting.get(name);
    if (resolve === undefined)
      throw new Error(`Nothing waits for "${name}", but for ${[...this.#waiting.keys()].join(', ')}.`);
    this.#waiting.delete(name);
    resolve(value);
  }
}

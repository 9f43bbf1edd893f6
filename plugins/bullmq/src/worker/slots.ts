/** Room for agents: those that work, and those whose workspaces were placed here and that are about to start. */
export class Slots {
  readonly #max: number;
  readonly #working = new Set<string>();
  readonly #reserved = new Map<string, () => void>();
  readonly #waiting: { readonly workspace: string; readonly enter: () => void }[] = [];
  readonly #onChange: () => void;

  /** @param onChange called after each change of {@link free} */
  constructor(max: number, onChange: () => void = () => undefined) {
    this.#max = max;
    this.#onChange = onChange;
  }

  get max(): number {
    return this.#max;
  }

  get working(): number {
    return this.#working.size;
  }

  /** How many more tasks may be placed here. */
  get free(): number {
    return Math.max(0, this.#max - this.#working.size - this.#reserved.size - this.#waiting.length);
  }

  /** Nothing works, and nothing is about to. */
  get isIdle(): boolean {
    return this.#working.size + this.#reserved.size + this.#waiting.length === 0;
  }

  /** A task was placed here: room is kept for its agent until it starts, or until the reservation is cancelled. */
  reserve(workspace: string, cancel: () => void = () => undefined): void {
    if (this.#working.has(workspace)) return;
    this.#reserved.get(workspace)?.();
    this.#reserved.set(workspace, cancel);
    this.#onChange();
  }

  /** The task's workspace is gone, or its agent has not come. */
  release(workspace: string): void {
    this.#reserved.get(workspace)?.();
    if (this.#reserved.delete(workspace)) this.#next();
  }

  /**
   * An agent is about to start in a workspace: waits until there is room. An agent that works already is entered with `isRunning`,
   * room or not.
   *
   * @returns leaves again; safe to call twice
   */
  async enter(
    workspace: string,
    {
      isRunning = false,
      abortSignal,
    }: { readonly isRunning?: boolean; readonly abortSignal?: AbortSignal } = {},
  ): Promise<() => void> {
    const hasPlace = isRunning || this.#reserved.has(workspace) || this.#working.size < this.#max;
    if (!hasPlace) await this.#turn(workspace, abortSignal);
    this.#reserved.get(workspace)?.();
    this.#reserved.delete(workspace);
    this.#working.add(workspace);
    this.#onChange();
    return () => {
      if (this.#working.delete(workspace)) this.#next();
    };
  }

  #turn(workspace: string, abortSignal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        const index = this.#waiting.indexOf(entry);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(abortSignal?.reason);
        this.#onChange();
      };
      const entry = {
        workspace,
        enter: () => {
          abortSignal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      if (abortSignal?.aborted) return reject(abortSignal.reason);
      abortSignal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(entry);
      this.#onChange();
    });
  }

  #next(): void {
    if (this.#working.size + this.#reserved.size < this.#max) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        // Its place is its own from now on, before the promise has resolved.
        this.#reserved.set(next.workspace, () => undefined);
        next.enter();
      }
    }
    this.#onChange();
  }
}

import type { TakenRequest } from '@pwt/core';
import type { Landing } from '../landing/landing.js';
import { type Decide, decide } from '../review/decide.js';
import type { RunContext } from '../run/run-context.js';

/** Does what people have asked of a run while it is driven: one request after the other, in their order. */
export class Requests {
  readonly #context: RunContext;
  readonly #landing: Landing;
  readonly #how: Decide & { readonly onDone: () => void; readonly onError: (error: unknown) => void };
  #working: Promise<void> | undefined;

  constructor(
    context: RunContext,
    landing: Landing,
    how: Decide & { readonly onDone: () => void; readonly onError: (error: unknown) => void },
  ) {
    this.#context = context;
    this.#landing = landing;
    this.#how = how;
  }

  get isIdle(): boolean {
    return this.#working === undefined;
  }

  /** Begins with what is taken and not done. */
  start(): void {
    if (this.#next === undefined) return;
    this.#working ??= this.#work()
      .catch(this.#how.onError)
      .finally(() => {
        this.#working = undefined;
        this.#how.onDone();
      });
  }

  /** Resolves when nothing of it is under way any more. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** A run that is being stopped leaves what it has not begun with to the next process. */
  get #next(): TakenRequest | undefined {
    const { log, stop } = this.#context;
    return stop.mode === undefined ? log.state.requests?.find(({ isDone }) => !isDone) : undefined;
  }

  async #work(): Promise<void> {
    for (let request = this.#next; request !== undefined; request = this.#next)
      await decide(this.#context, this.#landing, request, this.#how);
  }
}

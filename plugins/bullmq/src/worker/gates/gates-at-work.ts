import { PwtError } from '@pwt/core';

interface AtWork {
  readonly abort: AbortController;
  readonly done: Promise<unknown>;
}

/** In each checkout one gate works at a time: the one that was asked for last. */
export class GatesAtWork {
  readonly #byCheckout = new Map<string, AtWork>();

  /** Runs a gate in a checkout, once an earlier one there has ended. */
  async run<T>(
    checkout: string,
    abortSignal: AbortSignal,
    gate: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    while (this.#byCheckout.has(checkout)) await this.end(checkout);
    const abort = new AbortController();
    const done = gate(AbortSignal.any([abortSignal, abort.signal]));
    const atWork = { abort, done };
    this.#byCheckout.set(checkout, atWork);
    try {
      return await done;
    } finally {
      if (this.#byCheckout.get(checkout) === atWork) this.#byCheckout.delete(checkout);
    }
  }

  /** Ends what works in a checkout, and waits for it. */
  async end(checkout: string): Promise<void> {
    const atWork = this.#byCheckout.get(checkout);
    if (atWork === undefined) return;
    atWork.abort.abort(new PwtError('PWT_ABORTED', 'Its checkout is needed for something else.'));
    await atWork.done.catch(() => undefined);
    if (this.#byCheckout.get(checkout) === atWork) this.#byCheckout.delete(checkout);
  }
}

import { PwtError } from './error.js';

/**
 * What every method does with the `abortSignal` of its request: a signal that is aborted already is an error before
 * anything is done, and one that is aborted meanwhile ends the work as soon as that is safe, with the same error. What was
 * begun is then undone, or found again by the same call.
 *
 * @throws PwtError `PWT_ABORTED`
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new PwtError('PWT_ABORTED', 'Stopped before it was done.', { cause: signal.reason });
}

import { PwtError } from './error.js';

/**
 * What every method does with the `abortSignal` of its request. If it is aborted already, the method throws before it does
 * anything. If it is aborted during the work, the method ends as soon as that is safe, with the same error; what it began
 * is undone, or found again by the same call.
 *
 * @throws PwtError `PWT_ABORTED`
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new PwtError('PWT_ABORTED', 'Stopped before it was done.', { cause: signal.reason });
}

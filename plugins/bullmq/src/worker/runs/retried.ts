import { type Clock, isPwtError } from '@pwt/core';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

export interface RetriedOptions {
  readonly clock: Clock;
  /** Ends it: then it throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Told when something else went wrong than the time before. */
  readonly onTrouble: (message: string) => void;
}

/** Does something until it works: the exchange may not be reachable, the disk may be full. */
export async function retried<T>(act: () => Promise<T>, options: RetriedOptions): Promise<T> {
  const { clock, signal, onTrouble } = options;
  let last = '';
  for (let wait = FIRST_MS; ; wait = Math.min(2 * wait, LONGEST_MS)) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      const message = isPwtError(error) || error instanceof Error ? error.message : String(error);
      if (message !== last) onTrouble(message);
      last = message;
    }
    await pause(clock, wait, signal);
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, done);
    function done() {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

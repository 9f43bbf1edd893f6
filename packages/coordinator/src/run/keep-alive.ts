/** As long as a timer can be. */
const LONG_MS = 2 ** 31 - 1;

/** Keeps the process from ending for want of anything to do until the promise has settled. */
export async function keepAlive<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, LONG_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

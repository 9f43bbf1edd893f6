import assert from 'node:assert/strict';

/** Waits for a promise that a broken implementation may never settle, and fails with `message` then. */
export async function within<T>(patienceMs: number, promise: Promise<T>, message: string): Promise<T> {
  const late = new AbortController();
  const timeout = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new assert.AssertionError({ message })), patienceMs);
    late.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    late.abort();
  }
}

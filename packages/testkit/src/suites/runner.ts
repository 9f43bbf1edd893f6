/** The two functions that a suite needs of a test runner; vitest's, Jest's and `node:test`'s fit as they are. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  test(name: string, body: () => Promise<void>): unknown;
}

/** Something a suite made and the harness cleans up after each test. */
export interface Disposable {
  dispose(): Promise<void>;
}

/** Runs a body with a fresh harness and disposes it, whatever happens. */
export async function using<H extends Disposable>(
  open: () => Promise<H>,
  body: (harness: H) => Promise<void>,
): Promise<void> {
  const harness = await open();
  try {
    await body(harness);
  } finally {
    await harness.dispose();
  }
}

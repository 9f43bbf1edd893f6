import assert from 'node:assert/strict';
import { hasCode } from '@pwt/core';

/** Asserts that a method refuses a request whose signal is aborted already. */
export async function assertAborted(
  method: string,
  call: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  let result: unknown;
  try {
    result = await call(AbortSignal.abort(new Error('the test stops it')));
  } catch (error) {
    assert.ok(
      hasCode(error, 'PWT_ABORTED'),
      `${method} must reject with PWT_ABORTED when the request's abortSignal is aborted already; it rejected with: ${error}. Call throwIfAborted(request.abortSignal) of @pwt/core first.`,
    );
    return;
  }
  assert.fail(
    `${method} must reject with PWT_ABORTED when the request's abortSignal is aborted already; it answered ${(JSON.stringify(result) ?? 'nothing').slice(0, 200)}. Call throwIfAborted(request.abortSignal) of @pwt/core first.`,
  );
}

import type { RetryKind, RunOptions } from '@pwt/core';

/** What a person writes for the setting `retries`. */
export type WrittenRetries = number | { readonly [K in RetryKind]?: number };

/**
 * The number of further attempts by kind. One number counts for what the work itself can put right: red gate, conflict, no
 * change; an agent that dies at its start is tried at most once more.
 */
export function retriesOf(written: WrittenRetries): NonNullable<RunOptions['retries']> {
  if (typeof written !== 'number') return { ...retriesOf(1), ...written };
  const each = { 'gate-red': written, conflict: written, 'no-change': written } as const;
  return { ...each, 'early-crash': Math.min(written, 1) };
}

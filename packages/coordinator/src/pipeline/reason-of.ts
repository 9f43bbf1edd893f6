import { isPwtError } from '@pwt/core';

/** An error as a reason: its code, message and next step on one line. */
export function reasonOf(error: unknown): string {
  if (!isPwtError(error)) return error instanceof Error ? error.message : String(error);
  return `${error.code}: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
}

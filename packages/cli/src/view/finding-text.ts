import type { Finding } from '@pwt/core';

/** A finding as one line of text: how bad it is, what was found, and what to do next. Pure. */
export function findingText({ severity, message, hint }: Finding): string {
  return `${severity}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

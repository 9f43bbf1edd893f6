import type { WatchBlind } from '@pwt/core';

/** Nothing is missed where there is nothing to watch. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ESTALE']);

/** The system has no more watches for this user. */
const FULL = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/** What is not seen because this went wrong; `undefined`: nothing. Pure. */
export function blindBy(error: unknown): WatchBlind | undefined {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (GONE.has(code)) return undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return { status: FULL.has(code) ? 'full' : 'failed', reason };
}

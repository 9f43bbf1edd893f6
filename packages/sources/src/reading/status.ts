import { isDoneStatus } from '@pwt/separator';

/** What a status means for a task: it is to be done, finished, or not to be worked on now. */
export type StatusKind = 'open' | 'done' | 'deferred';

const keptBack: ReadonlySet<string> = new Set([
  ...['deferred', 'postponed', 'paused', 'parked', 'on hold', 'hold', 'blocked', 'icebox', 'someday'],
  ...['review', 'in review', 'needs review', 'ready for review', 'under review', 'awaiting review'],
  ...['awaiting merge', 'draft', 'proposed', 'proposal', 'pinned', 'hooked'],
]);

/**
 * What a status means, in the words of the tools that people use: `In Review`, `wont-fix`, `✅ Done`. Given up is finished, too:
 * nothing is left to be done, and what waits for it must not wait for ever.
 */
export function statusKind(status: string): StatusKind {
  const plain = status
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (keptBack.has(plain)) return 'deferred';
  return isDoneStatus(status.replace(/[_-]+/g, ' ')) ? 'done' : 'open';
}

/** The fields of a task that its status gives. */
export function statusFields(
  status: string,
  place: string,
): { readonly done?: string; readonly deferred?: string } {
  const kind = statusKind(status);
  return kind === 'open' ? {} : { [kind]: `${place} has the status "${status}"` };
}

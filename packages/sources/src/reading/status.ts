/** What a status means for a task: it is to be done, finished, or not to be worked on now. */
export type StatusKind = 'open' | 'done' | 'deferred';

const words: Readonly<Record<Exclude<StatusKind, 'open'>, readonly string[]>> = {
  // Given up is finished, too: nothing is left to be done, and what waits for it must not wait for ever.
  done: [
    ...['done', 'complete', 'completed', 'closed', 'finished', 'resolved', 'merged', 'shipped', 'released'],
    ...['implemented', 'archived', 'cancelled', 'canceled', 'abandoned', 'superseded', 'obsolete'],
    ...['duplicate', 'rejected', 'dropped', 'removed', 'wontfix', 'wont fix', 'wont do', 'not planned'],
  ],
  deferred: [
    ...['deferred', 'postponed', 'paused', 'parked', 'on hold', 'hold', 'blocked', 'icebox', 'someday'],
    ...['review', 'in review', 'needs review', 'ready for review', 'under review', 'draft', 'proposed'],
    ...['proposal', 'pinned', 'hooked'],
  ],
};

const kinds: ReadonlyMap<string, StatusKind> = new Map(
  Object.entries(words).flatMap(([kind, list]) => list.map((word) => [word, kind as StatusKind] as const)),
);

/** What a status means, in the words of the tools that people use: `In Review`, `wont-fix`, `✅ Done`. */
export function statusKind(status: string): StatusKind {
  const plain = status
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return kinds.get(plain) ?? 'open';
}

/** The fields of a task that its status gives. */
export function statusFields(
  status: string,
  place: string,
): { readonly done?: string; readonly deferred?: string } {
  const kind = statusKind(status);
  return kind === 'open' ? {} : { [kind]: `${place} has the status "${status}"` };
}

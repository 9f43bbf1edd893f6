import type { TaskLine } from './task-list.js';

const DEPENDS_ON = /\bdepends on((?:(?:[\s,&:*–-]|\band\b)*\bT\d{1,6}[A-Za-z]?\b)+)/gi;
const ID = /T\d+[A-Za-z]?/gi;
const RANGE = /T(\d+)\s*[–-]\s*T(\d+)/gi;

/**
 * The ids behind "depends on" in a task's line or in those below it: `T012, T013`, `T012 and T013`, `T012–T015`.
 *
 * @param known the ids of the file; a range takes only these, an id that is written out counts in any case
 */
export function namedNeeds({ id: own, block }: TaskLine, known: ReadonlySet<string>): readonly string[] {
  const lists = [...block.matchAll(DEPENDS_ON)].map((match) => (match[1] ?? '').toUpperCase());
  const ids = lists.flatMap((list) => [
    ...(list.match(ID) ?? []),
    ...[...list.matchAll(RANGE)].flatMap(([, first, last]) =>
      [...known].filter((id) => isBetween(id, Number(first), Number(last))),
    ),
  ]);
  return [...new Set(ids)].filter((id) => id !== own);
}

function isBetween(id: string, first: number, last: number): boolean {
  const number = Number.parseInt(id.slice(1), 10);
  return number >= first && number <= last;
}

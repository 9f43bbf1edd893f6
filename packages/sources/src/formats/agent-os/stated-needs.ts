import { inOrder } from '../../checklist/list-tasks.js';
import type { Checklist } from '../../checklist/parse-checklist.js';
import type { Part } from '../../checklist/parts.js';

const DEPENDENCIES = /^\W*Dependencies\W+(.*)$/i;
const NONE = /^(?:none|n\/a|-|no dependencies)\b/i;
const ALL = /^all\s+(?:previous|prior|preceding|earlier|other)\b/i;
/** `Task Group 2`, `Task Groups 1-3`, `Phases 13.1 and 13.2`: the words before the first bracket or full stop. */
const NUMBERS = /\d+(?:\.\d+)*/g;
const RANGE = /(\d+)\s*[-–]\s*(\d+)/g;

/**
 * What each part waits for: the parts that its line "**Dependencies:** Task Groups 1, 2" names; without such a line, or where
 * it names none of them, the part before it.
 */
export function statedNeeds(list: Checklist, parts: readonly Part[]): ReadonlyMap<Part, readonly string[]> {
  const known = new Set(parts.map(({ number }) => number));
  const order = inOrder(parts);
  const before: string[] = [];
  return new Map(
    parts.map((part) => {
      const stated = statedIn(list, part, known, before) ?? order.get(part) ?? [];
      before.push(part.number);
      return [part, stated];
    }),
  );
}

function statedIn(
  { lines }: Checklist,
  { firstLine, lastLine, number: own }: Part,
  known: ReadonlySet<string>,
  before: readonly string[],
): readonly string[] | undefined {
  const stated = lines
    .slice(firstLine - 1, lastLine)
    .map((line) => DEPENDENCIES.exec(line.slice(0, 1000))?.[1])
    .find((words) => words !== undefined);
  if (stated === undefined) return undefined;
  if (NONE.test(stated)) return [];
  if (ALL.test(stated)) return [...before];
  const [words = ''] = stated.split(/[(.;](?!\d)/, 1);
  const ranges = [...words.matchAll(RANGE)].flatMap(([, first, last]) =>
    [...known].filter((number) => isBetween(number, Number(first), Number(last))),
  );
  const named = [...(words.match(NUMBERS) ?? []), ...ranges].filter(
    (number) => known.has(number) && number !== own,
  );
  return named.length === 0 ? undefined : [...new Set(named)];
}

function isBetween(number: string, first: number, last: number): boolean {
  return /^\d+$/.test(number) && Number(number) >= first && Number(number) <= last;
}

import { inOrder } from '../../checklist/list-tasks.js';
import type { Checklist } from '../../checklist/parse-checklist.js';
import type { Part } from '../../checklist/parts.js';

const DEPENDENCIES = /^\W*Dependencies\W+(.*)$/i;
const NONE = /^(?:none|n\/a|-|no dependencies)\b/i;
const ALL = /^all\s+(?:previous|prior|preceding|earlier|other)\b/i;
/** `Task Group 2`, `Task Groups 1-3`: the words before the first bracket or full stop. */
const NUMBERS = /\d+(?:\.\d+)*/g;
const RANGE = /(?<![\d.])(\d+)\s*[-–]\s*(\d+)(?!\.?\d)/g;
/** `Phase 2`, `Phases 13.1-13.3`: all parts below those headings. */
const PHASES = /^phases?\b/i;

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
      const stated = statedIn(list, part, parts, known, before) ?? order.get(part) ?? [];
      before.push(part.number);
      return [part, stated];
    }),
  );
}

function statedIn(
  { lines, sections }: Checklist,
  { firstLine, lastLine, number: own }: Part,
  parts: readonly Part[],
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
  if (PHASES.test(words)) return inPhases(sections, words, firstLine, parts);
  const ranges = [...words.matchAll(RANGE)].flatMap(([, first, last]) =>
    [...known].filter((number) => isBetween(number, Number(first), Number(last))),
  );
  const named = [...(words.match(NUMBERS) ?? []), ...ranges].filter(
    (number) => known.has(number) && number !== own,
  );
  return named.length === 0 ? undefined : [...new Set(named)];
}

/** The parts below the headings of the phases that are named, and above the part that names them. */
function inPhases(
  sections: Checklist['sections'],
  words: string,
  line: number,
  parts: readonly Part[],
): readonly string[] | undefined {
  const numbers: readonly string[] = words.match(NUMBERS) ?? [];
  const [, first, last] = /([\d.]+)\s*[-–]\s*([\d.]+)/.exec(words) ?? [];
  const from = sections.filter(({ number }) => number !== undefined);
  const at = (number: string | undefined) => from.findIndex((one) => one.number === number);
  const isNamed = (index: number) =>
    numbers.includes(from[index]?.number ?? '') ||
    (first !== undefined && at(first) >= 0 && index >= at(first) && index <= at(last));
  const named = parts.filter((part) => {
    const phase = from.findLastIndex((section) => section.line <= part.firstLine);
    return part.firstLine < line && phase >= 0 && isNamed(phase);
  });
  return named.length === 0 ? undefined : named.map(({ number }) => number);
}

function isBetween(number: string, first: number, last: number): boolean {
  return /^\d+$/.test(number) && Number(number) >= first && Number(number) <= last;
}

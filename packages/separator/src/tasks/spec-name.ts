/** What the name of a spec file or folder says. */
export interface SpecName {
  /** The number parts as written: `020`, `2-6`. */
  readonly number: string;
  /** The id as pwt uses it: without padding, parts joined by `-`. */
  readonly id: string;
  /** True if the number is padded with zeros. */
  readonly padded: boolean;
  /** The word that the name begins with, in capitals. */
  readonly word: 'SPEC' | 'US' | 'STORY' | 'PRIORITY' | 'TASK';
  /** The story that the name gives besides the number: 47 for `SPEC-12-us-047-…`. */
  readonly story?: string;
}

const NAME = /^SPEC-(.+)$/is;
/** Names with the other words that stand before an id: a number follows, or else the word is only the first of a title. */
const NUMBERED = /^(US|STORY|PRIORITY|PRIO|TASK)[-_](\d.*)$/is;
/** Reports on a task, which are named as it is. */
const REPORT = /[-_ ](?:implementation|completion)[-_ ](?:summary|report|status|notes)$/i;
const NUMBERS = /^(\d{1,9}(?:[-.]\d{1,2}(?=[-._]|$)){0,3})(?=[-._\s]|$)/;
const STORY = /^[-_]+(?:us|story)-?(\d{1,9})(?=[-._]|$)/i;
const WORD = /^([\p{L}\p{N}]+)/u;

/** Words in place of a number that is not known yet: each such spec is a task of its own. */
const placeholders = new Set(['next', 'tbd', 'todo', 'xxx', 'xx', 'x', 'new', 'draft', 'nnn', 'wip']);

/**
 * Reads `SPEC-<id>-<words>`, the name of a spec file without its extension or of a spec folder, or one that begins with
 * another word that ids have: `US-020-x`, `STORY-20-x`, `PRIORITY-20-x`, `TASK-20-x`; a number follows those.
 *
 * * `SPEC-020-x` and `SPEC-20-x` are task `20`; `SPEC-2-6-x` and `SPEC-002-6-x` are `2-6`.
 * * `SPEC-12-us-047-x` is story `47` (number 12 is only its place in a list of priorities).
 * * `SPEC-AUTH-x` is `AUTH`; `SPEC-NEXT-x`, a number still to come, is `NEXT-x`.
 *
 * `undefined` for any other name.
 */
export function parseSpecName(name: string): SpecName | undefined {
  const rest = NAME.exec(name)?.[1];
  if (rest !== undefined) return parseRest('SPEC', rest) ?? parseWord(rest);
  const [, word = '', numbered = ''] = NUMBERED.exec(name) ?? [];
  if (word === '' || REPORT.test(name)) return undefined;
  const upper = word.toUpperCase();
  return parseRest((upper === 'PRIO' ? 'PRIORITY' : upper) as SpecName['word'], numbered);
}

function parseRest(word: SpecName['word'], rest: string): SpecName | undefined {
  const number = NUMBERS.exec(rest)?.[1];
  if (number === undefined) return undefined;
  const story = STORY.exec(rest.slice(number.length))?.[1];
  return {
    word,
    number,
    id: normaliseNumber(story ?? number),
    padded: /^0\d/.test(number),
    ...(story === undefined ? {} : { story: normaliseNumber(story) }),
  };
}

function parseWord(rest: string): SpecName | undefined {
  const word = WORD.exec(rest)?.[1];
  if (word === undefined) return undefined;
  const id = placeholders.has(word.toLowerCase()) ? asciiId(rest) : asciiId(word);
  return id === '' ? undefined : { word: 'SPEC', number: word, id, padded: false };
}

function asciiId(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 100);
}

/** `002-6` → `2-6`, `2.6` → `2-6`. */
export function normaliseNumber(number: string): string {
  return number
    .split(/[-.]/)
    .map((part) => part.replace(/^0+(?=\d)/, ''))
    .join('-');
}

const SPOKEN = /^\s*(?:SPEC|US|STORY|PRIORITY|TASK|PRIO)?[-_\s#]*(\d{1,9}(?:[-.]\d{1,2}){0,3})\s*$/i;

/** `US-020`, `PRIORITY 20`, `SPEC-020`, `#20` and `020` → `20`; `2.6` → `2-6`; anything else as it is. */
export function normaliseSpecId(id: string): string {
  const number = SPOKEN.exec(id)?.[1];
  if (number !== undefined) return normaliseNumber(number);
  return parseSpecName(id.trim())?.id ?? id.trim();
}

import { type CharRange, CharSet, NAME_CHARS } from './char-set.js';
import { refusal } from './refuse.js';

const DIGITS: CharRange[] = [[0x30, 0x39]];
const UPPER: CharRange[] = [[0x41, 0x5a]];
const LOWER: CharRange[] = [[0x61, 0x7a]];
const PUNCTUATION: CharRange[] = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7e],
];

/** POSIX names, in ASCII as git reads them in `.gitignore`. */
const POSIX: Readonly<Record<string, readonly CharRange[]>> = {
  alnum: [...DIGITS, ...UPPER, ...LOWER],
  alpha: [...UPPER, ...LOWER],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: DIGITS,
  graph: [[0x21, 0x7e]],
  lower: LOWER,
  print: [[0x20, 0x7e]],
  punct: PUNCTUATION,
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: UPPER,
  xdigit: [...DIGITS, [0x41, 0x46], [0x61, 0x66]],
};

/** A parsed class and the index after its `]`. */
export interface CharClass {
  readonly set: CharSet;
  readonly end: number;
}

/**
 * Reads the class whose `[` stands at `start`: `[abc]`, `[a-z]`, `[!a]`, `[^a]`, `[]a]`, `[[:digit:]]`, `[\]]`.
 *
 * @throws PwtError `PWT_PATTERN_UNBALANCED` without a closing `]`; `PWT_PATTERN_CLASS` for a `/`,
 * a range that runs backwards, or an unknown POSIX name.
 */
export function readCharClass(text: string, start: number): CharClass {
  const bad = (problem: string) =>
    refusal('PWT_PATTERN_CLASS', text, problem, 'Write the characters out, or escape the `[` as `\\[`.');
  let at = start + 1;
  const negated = text[at] === '!' || text[at] === '^';
  if (negated) at++;
  const ranges: CharRange[] = [];
  for (let first = true; ; first = false) {
    if (at >= text.length) {
      throw refusal(
        'PWT_PATTERN_UNBALANCED',
        text,
        `has a "[" at index ${start} that is never closed.`,
        'Close it with `]`, or write `\\[` for the character itself.',
      );
    }
    if (text[at] === ']' && !first) break;
    const posix = text[at] === '[' && text[at + 1] === ':' ? text.indexOf(':]', at + 2) : -1;
    if (posix >= 0) {
      const name = text.slice(at + 2, posix);
      const named = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
      if (!named) throw bad(`names an unknown character class "[:${name.slice(0, 16)}:]".`);
      ranges.push(...named);
      at = posix + 2;
      continue;
    }
    const low = readChar(text, at);
    at = low.end;
    let high = low;
    if (text[at] === '-' && at + 1 < text.length && text[at + 1] !== ']') {
      high = readChar(text, at + 1);
      at = high.end;
    }
    if (low.char === 0x2f || high.char === 0x2f) {
      throw bad('has a "/" within "[…]"; a class stands for one character of one name.');
    }
    if (high.char < low.char) throw bad('has a range within "[…]" that runs backwards.');
    ranges.push([low.char, high.char]);
  }
  const listed = CharSet.of(ranges);
  return { set: (negated ? listed.complement() : listed).intersect(NAME_CHARS), end: at + 1 };
}

function readChar(text: string, at: number): { char: number; end: number } {
  const start = text[at] === '\\' && at + 1 < text.length ? at + 1 : at;
  const char = text.codePointAt(start) as number;
  return { char, end: start + (char > 0xffff ? 2 : 1) };
}

import { describe } from './alternative.js';
import { type CharRange, CharSet, NAME_CHARS } from './char-set.js';
import type { Token } from './lex.js';
import type { Alternative, Item } from './pattern.js';
import { makeSegment, type Segment } from './segment.js';

/** The greatest code point that a simple case mapping touches lies below this. */
const LAST_CASED = 0x1ea00;

/** ASCII without capitals: what most paths are, and no folding changes. */
const FOLDED = /^[\0-@[-~]*$/;

const folded = new WeakMap<Alternative, Alternative>();
const spellings = new WeakMap<Segment, readonly (string | CharSet)[]>();
let cased: readonly (readonly [from: number, to: number])[] | undefined;

/**
 * The same reading on a file system that ignores case and normalisation: literal text is brought to NFC and
 * folded, classes grow by the folded forms of their members. If folding changes nothing, the same object is returned.
 * Cached per reading. O(n).
 */
export function foldAlternative(alternative: Alternative): Alternative {
  if (alternative.literal !== undefined && FOLDED.test(alternative.literal)) return alternative;
  let result = folded.get(alternative);
  if (!result) {
    const plain = alternative.items;
    const items = plain.map((item): Item => (item === '**' ? item : foldSegment(item)));
    result = items.every((item, at) => item === plain[at]) ? alternative : describe(items);
    folded.set(alternative, result);
  }
  return result;
}

/** How the original of a folded segment spells a character that its token `at` stands for. */
export function unfold(segment: Segment, at: number, char: number): string {
  const original = spellings.get(segment)?.[at];
  if (typeof original === 'string') return original;
  if (original === undefined || original.has(char)) return String.fromCodePoint(char);
  const source = casedPairs().find(([from, to]) => to === char && original.has(from));
  return String.fromCodePoint(source?.[0] ?? char);
}

/** A path as a file system that ignores case and normalisation compares it. O(n). */
export function foldPath(path: string): string {
  let result = '';
  for (const char of path.normalize('NFC')) result += String.fromCodePoint(foldChar(char));
  return result.normalize('NFC');
}

function foldSegment(segment: Segment): Segment {
  if (segment.any || (segment.literal !== undefined && FOLDED.test(segment.literal))) return segment;
  const plain = segment.tokens;
  if (plain.every(isFolded)) return segment;
  const tokens: Token[] = [];
  const originals: (string | CharSet)[] = [];
  let run = '';
  const flush = () => {
    // A base character and what composes with it (marks, Hangul vowels and finals) fold as one.
    for (const [cluster] of run.matchAll(/[^\p{M}][\p{M}\u1160-\u11ff]*|\p{M}+/gsu)) {
      for (const [at, char] of [...foldPath(cluster)].entries()) {
        tokens.push(char.codePointAt(0) as number);
        originals.push(at === 0 ? cluster : '');
      }
    }
    run = '';
  };
  for (const token of plain) {
    if (typeof token === 'number') {
      run += String.fromCodePoint(token);
      continue;
    }
    flush();
    tokens.push(token === '*' ? token : foldSet(token));
    originals.push(token === '*' ? '' : token);
  }
  flush();
  const same = tokens.length === plain.length && tokens.every((token, at) => token === plain[at]);
  if (same) return segment;
  const result = makeSegment(tokens);
  spellings.set(
    result,
    originals.map((original, at) => (tokens[at] === '*' ? CharSet.of([[0, 0x10ffff]]) : original)),
  );
  return result;
}

/** A star, any character, or a character of ASCII that is no capital: nothing composes with these but others. */
function isFolded(token: Token): boolean {
  if (typeof token === 'number') return token < 0x80 && (token < 0x41 || token > 0x5a);
  return token === '*' || token === NAME_CHARS;
}

function foldSet(set: CharSet): CharSet {
  const added = casedPairs().flatMap(([from, to]): CharRange[] =>
    set.has(from) && !set.has(to) ? [[to, to]] : [],
  );
  return added.length === 0 ? set : CharSet.of([...set.ranges, ...added]);
}

function casedPairs(): readonly (readonly [from: number, to: number])[] {
  if (!cased) {
    const pairs: [number, number][] = [];
    for (let from = 0; from < LAST_CASED; from++) {
      if (from >= 0xd800 && from <= 0xdfff) continue;
      const to = foldChar(String.fromCodePoint(from));
      if (to !== from) pairs.push([from, to]);
    }
    cased = pairs;
  }
  return cased;
}

/** One code point to one: lower case of upper case, so that final sigma and long s fold too; `ß` and `İ` stay. */
function foldChar(char: string): number {
  const upper = single(char.toUpperCase()) ?? char;
  return (single(upper.toLowerCase()) ?? upper).codePointAt(0) as number;
}

function single(mapped: string): string | undefined {
  return mapped.length === ((mapped.codePointAt(0) as number) > 0xffff ? 2 : 1) ? mapped : undefined;
}

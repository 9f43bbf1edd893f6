const WORD = /[\p{L}\p{N}]+/gu;
const BEYOND_ASCII = /[^\0-\x7f]/;
const ASCII_GAP = /[^a-z0-9]+/g;

/** The words of a text in lower case with one space around each, so that phrases can be found with `includes`. */
export function wordsOf(text: string): string {
  if (BEYOND_ASCII.test(text)) {
    const words = text.toLowerCase().normalize('NFC').match(WORD);
    return words ? ` ${words.join(' ')} ` : ' ';
  }
  // Most text is ASCII, for which the classes of Unicode are many times as slow.
  const words = text.toLowerCase().replace(ASCII_GAP, ' ').trim();
  return words === '' ? ' ' : ` ${words} `;
}

/** True if a phrase of one word is all of `words`, or a longer phrase stands anywhere in it. */
export function hasPhrase(words: string, phrases: readonly string[]): boolean {
  const { all, long } = compile(phrases);
  return all.has(words) || long.test(words);
}

/** True if any of the phrases stands anywhere in `words`. */
export function mentionsPhrase(words: string, phrases: readonly string[]): boolean {
  return compile(phrases).anywhere.test(words);
}

/** True if `words` ends in one of the phrases. */
export function endsInPhrase(words: string, phrases: readonly string[]): boolean {
  return compile(phrases).last.test(words);
}

/** True if `words` begins with one of the phrases. */
export function startsWithPhrase(words: string, phrases: readonly string[]): boolean {
  return compile(phrases).first.test(words);
}

interface Phrases {
  readonly all: ReadonlySet<string>;
  /** Phrases of several words, anywhere. */
  readonly long: RegExp;
  readonly anywhere: RegExp;
  readonly first: RegExp;
  readonly last: RegExp;
}

const compiled = new WeakMap<readonly string[], Phrases>();

function compile(phrases: readonly string[]): Phrases {
  let known = compiled.get(phrases);
  if (!known) {
    const all = phrases.map((phrase) => wordsOf(phrase)).filter((phrase) => phrase !== ' ');
    const long = all.filter((phrase) => phrase.trim().includes(' '));
    known = {
      all: new Set(all),
      long: anyOf(long),
      anywhere: anyOf(all),
      first: anyOf(all, '', '^'),
      last: anyOf(all, '$'),
    };
    compiled.set(phrases, known);
  }
  return known;
}

/** The source of a regular expression for any of the phrases, the longest first; blanks stand for any white space. */
export function anyPhrase(phrases: readonly string[]): string {
  if (phrases.length === 0) return '(?!)';
  const escaped = [...phrases]
    .sort((a, b) => b.length - a.length)
    .map((phrase) => phrase.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replaceAll(' ', '\\s+'));
  return `(?:${escaped.join('|')})`;
}

/** No letter or digit before, or behind: `\b` for the letters of all languages. */
export const WORD_START = '(?<![\\p{L}\\p{N}_])';
export const WORD_END = '(?![\\p{L}\\p{N}_])';

/** Phrases hold only letters, digits and spaces after {@link wordsOf}, so they need no escaping. */
function anyOf(phrases: readonly string[], end = '', start = ''): RegExp {
  if (phrases.length === 0) return /(?!)/;
  return new RegExp(`${start} (?:${phrases.map((phrase) => phrase.trim()).join('|')}) ${end}`);
}

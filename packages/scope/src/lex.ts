import { readCharClass } from './char-class.js';
import { type CharSet, NAME_CHARS } from './char-set.js';
import { refusal } from './refuse.js';

/** A code point that stands for itself, a set that stands for one character, or `*` for any number of them. */
export type Token = number | CharSet | '*';

/** What a pattern's text is made of: tokens, and marks that give it structure. */
export type Lexeme = Token | '/' | '{' | ',' | '}';

const EXTGLOB_OPENERS = '?*+@!';

/**
 * Splits a pattern into lexemes; escapes and classes are resolved here, so no later step can mistake
 * an escaped character for syntax. O(n).
 *
 * @throws PwtError `PWT_PATTERN_EXTGLOB`, `PWT_PATTERN_ESCAPE`, `PWT_PATTERN_NUL`, and those of {@link readCharClass}.
 */
export function lex(text: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  for (let at = 0; at < text.length; ) {
    const char = text[at] as string;
    if (text[at + 1] === '(' && EXTGLOB_OPENERS.includes(char)) {
      throw refusal(
        'PWT_PATTERN_EXTGLOB',
        text,
        `uses an extended glob "${char}(…)" at index ${at}, which this dialect does not have.`,
        `Use {a,b} or several patterns; write "\\${char}(" for the characters themselves.`,
      );
    }
    if (char === '[') {
      const { set, end } = readCharClass(text, at);
      lexemes.push(set);
      at = end;
      continue;
    }
    if (char === '*' || char === '/' || char === '{' || char === ',' || char === '}') {
      lexemes.push(char);
      at++;
      continue;
    }
    if (char === '?') {
      lexemes.push(NAME_CHARS);
      at++;
      continue;
    }
    if (char === '\\') at++;
    const codePoint = text.codePointAt(at);
    if (codePoint === undefined) {
      throw refusal(
        'PWT_PATTERN_ESCAPE',
        text,
        'ends in a lone "\\".',
        'Name the character to escape; paths are separated by `/`.',
      );
    }
    if (codePoint === 0) {
      throw refusal('PWT_PATTERN_NUL', text, 'holds a NUL byte.', 'No path can hold one; remove it.');
    }
    // An escaped slash is still a separator: no name can hold one.
    lexemes.push(codePoint === 0x2f ? '/' : codePoint);
    at += codePoint > 0xffff ? 2 : 1;
  }
  return lexemes;
}

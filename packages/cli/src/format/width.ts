import { eastAsianWidth } from 'get-east-asian-width';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters of one column
const PLAIN = /^[\u0000-\u02ff]*$/;
const NO_WIDTH = /\p{Mark}|[\u200b\u200c]|\u200d/u;

/**
 * How many columns of a terminal a text takes: two for Chinese, Japanese, Korean and emoji, none for accents.
 * By single code points, as terminals do: a segmenter of graphemes costs 30 ms to make, a third of a start of Node.
 */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** As many characters from the start of a text as have room in some columns. */
export function startOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, columns));
  let start = '';
  let width = 0;
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns) break;
    start += character;
  }
  return start;
}

/** As `padEnd`, for columns. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

function widthOfCharacter(character: string): number {
  return NO_WIDTH.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) as number);
}

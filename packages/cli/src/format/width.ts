import stringWidth from 'string-width';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters of one column
const PLAIN = /^[\u0000-\u02ff]*$/;

/** How many columns of a terminal a text takes: two for Chinese, Japanese, Korean and emoji, none for accents. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** As much from the start of a text as has room in some columns; what is one character to a reader stays whole. */
export function startOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, columns));
  let start = '';
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    start += segment;
  }
  return start;
}

/** As `padEnd`, for columns. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

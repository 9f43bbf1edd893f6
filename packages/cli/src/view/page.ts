import type { Colours } from '../format/colours.js';
import { alignColumns, truncate } from '../format/text.js';
import { widthOf } from '../format/width.js';

/** What the lines of a plan are written for. */
export interface Page {
  readonly colours: Colours;
  /** The width of the terminal; absent where the lines go to a file or a program and no line may be cut. */
  readonly columns?: number;
  /** Lists are not shortened. @default true where there is no terminal */
  readonly whole?: boolean;
}

/** How many of something are listed: so many, or everything on a whole page. */
export function most({ columns, whole = columns === undefined }: Page, listed: number): number {
  return whole ? Number.POSITIVE_INFINITY : listed;
}

/** A text cut to the terminal; whole elsewhere. */
export function fitted(text: string, { columns }: Page, taken = 0): string {
  return columns === undefined ? text : truncate(text, Math.max(8, columns - taken));
}

/** A space that may become the end of a line: not the one before a unit, as in `2.1 ×` and `2h 05m`. */
const BREAK = / (?!(?:×|%|\d\d[ms])(?:\W|$))/;

/** A command to copy: in backticks, in parentheses or behind a colon. Its spaces are no ends of lines, if it has room on one. */
const COMMAND = /`[^`]+`|(?<=\()pwt [^),]+|(?<=: )(?:pwt|git|npm|export) [^.;,]*(?:[.;,]\S[^.;,]*)*/g;
/** A terminal with less says nothing of its width, or has no room for words. */
const NARROWEST = 20;
const KEPT = '\u00a0';

/**
 * A sentence on as many lines of the terminal as it needs, further ones indented; one line elsewhere. A word
 * that is longer than a line is cut.
 */
export function wrapped(text: string, { columns }: Page, indent = '  '): string[] {
  if (columns === undefined) return [text];
  return wordWrapped(text, columns, indent).map((part) => truncate(part, columns));
}

/**
 * As {@link wrapped}, but a word that is longer than a line stays whole: where nothing may be missing. A command that has room on
 * a line stays together, so that it can be copied.
 */
export function wordWrapped(text: string, columns: number | undefined, indent = '  '): string[] {
  if (columns === undefined || columns < NARROWEST || widthOf(text) <= columns) return [text];
  const room = columns - indent.length;
  const kept = text.replace(COMMAND, (all) => (widthOf(all) < room ? all.replaceAll(' ', KEPT) : all));
  const [first = '', ...words] = kept.trimStart().split(BREAK);
  const lines: string[] = [];
  let line = `${' '.repeat(text.length - text.trimStart().length)}${first}`;
  for (const word of words) {
    if (widthOf(line) + 1 + widthOf(word) <= columns) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line].map((part) => part.replaceAll(KEPT, ' '));
}

/**
 * Rows with their columns aligned behind an indent. On a terminal that is too narrow for a row its last cell,
 * the place in a spec, goes to a line of its own.
 */
export function rowLines(rows: readonly (readonly string[])[], indent: string, page: Page): string[] {
  const { columns } = page;
  const lines = alignColumns(rows).map((line) => `${indent}${line}`);
  if (columns === undefined) return lines;
  const heads = alignColumns(rows.map((cells) => cells.slice(0, -1)));
  return lines.flatMap((line, at) => {
    const cells = rows[at] ?? [];
    if (widthOf(line) <= columns || cells.length < 2) return [truncate(line, columns)];
    const head = heads[at] === '' ? [] : [`${indent}${heads[at]}`];
    return [...head, `${indent}    ${cells.at(-1)}`].map((part) => truncate(part, columns));
  });
}

/** A heading with its lines and an empty one behind them; nothing if there are no lines. */
export function section(title: string, lines: readonly string[], { colours }: Page): string[] {
  return lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
}

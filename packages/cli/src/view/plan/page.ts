import type { Colours } from '../../format/colours.js';
import { alignColumns, truncate } from '../../format/text.js';

/** What the lines of a plan are written for. */
export interface Page {
  readonly colours: Colours;
  /** The width of the terminal; absent where the lines go to a file or a program and nothing may be left out. */
  readonly columns?: number;
}

/** How many of something are listed: so many on a terminal, everything elsewhere. */
export function most({ columns }: Page, onTerminal: number): number {
  return columns === undefined ? Number.POSITIVE_INFINITY : onTerminal;
}

/** A text cut to the terminal; whole elsewhere. */
export function fitted(text: string, { columns }: Page, taken = 0): string {
  return columns === undefined ? text : truncate(text, Math.max(8, columns - taken));
}

/**
 * Rows with their columns aligned behind an indent. On a terminal that is too narrow for a row its last cell,
 * the place in a spec, goes to a line of its own.
 */
export function rowLines(rows: readonly (readonly string[])[], indent: string, page: Page): string[] {
  const { columns } = page;
  const lines = alignColumns(rows).map((line) => `${indent}${line}`);
  if (columns === undefined) return lines;
  return lines.flatMap((line, at) => {
    const cells = rows[at] ?? [];
    if (line.length <= columns || cells.length < 2) return [truncate(line, columns)];
    const head = cells.slice(0, -1).join('  ');
    return [`${indent}${head}`, `${indent}    ${cells.at(-1)}`].map((part) => truncate(part, columns));
  });
}

/** A heading with its lines and an empty one behind them; nothing if there are no lines. */
export function section(title: string, lines: readonly string[], { colours }: Page): string[] {
  return lines.length === 0 ? [] : [colours.bold(title), ...lines, ''];
}

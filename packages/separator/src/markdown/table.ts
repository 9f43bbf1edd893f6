/** The line between the head of a table and its rows: `|---|:--:|`. */
const DELIMITER = /^[\s|:-]*-[\s|:-]*$/;

/** A cell of a table, and where it is in the body of its line. */
export interface Cell {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** True if a table begins with this line: its head, with the line of dashes below it. */
export function isTableHead(body: string, next: string | undefined): boolean {
  if (!body.includes('|') || !next?.includes('|')) return false;
  return DELIMITER.test(next.replace(/^[>\s]+/, ''));
}

/** The cells of a row. A bar behind a backslash or in a code span is no border. */
export function cellsOf(body: string): readonly Cell[] {
  const cells: Cell[] = [];
  let from = body.startsWith('|') ? 1 : 0;
  let isCode = false;
  for (let at = from; at <= body.length; at += 1) {
    if (body[at] === '`') isCode = !isCode;
    const isBorder = body[at] === '|' && body[at - 1] !== '\\' && !isCode;
    if (!isBorder && at < body.length) continue;
    if (at < body.length || body.slice(from).trim() !== '')
      cells.push({ text: body.slice(from, at).trim(), at: from, end: at });
    from = at + 1;
  }
  return cells;
}

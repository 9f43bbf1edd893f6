import { alignColumns } from '../format/text.js';
import { widthOf } from '../format/width.js';
import { type Page, wrapped } from '../view/page.js';

/** Markdown as a terminal shows it: paragraphs on lines that fit, tables in columns, links as their text. Pure. */
export function markdownLines(lines: readonly string[], page: Page): string[] {
  const shown: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = blockEnd(lines, at);
    shown.push(...blockLines(lines.slice(at, end), page));
    at = end;
  }
  return trimmed(shown);
}

/** Where the block ends that begins on this line: code, a table, an item of a list, a paragraph. */
function blockEnd(lines: readonly string[], start: number): number {
  const line = lines[start] ?? '';
  const from = start + 1;
  const until = (isEnd: (line: string) => boolean) => {
    const found = lines.findIndex((other, at) => at >= from && isEnd(other));
    return found < 0 ? lines.length : found;
  };
  if (line.startsWith('```')) return Math.min(lines.length, until((other) => other.startsWith('```')) + 1);
  if (line.startsWith('|')) return until((other) => !other.startsWith('|'));
  if (line.trim() === '') return from;
  return until((other) => other.trim() === '' || /^(?:```|\||#| *[*-] | *\d+\. )/.test(other));
}

function blockLines(block: readonly string[], page: Page): string[] {
  const [first = ''] = block;
  if (first.startsWith('```')) {
    const code = block.slice(1).filter((line) => !line.startsWith('```'));
    return code.map((line) => (line === '' ? '' : `  ${line}`));
  }
  if (first.startsWith('|')) return tableLines(block, page);
  const text = plain(block.map((line, at) => (at === 0 ? line.trimEnd() : line.trim())).join(' '));
  if (/^#+ /.test(text)) return [page.colours.bold(text.replace(/^#+ /, ''))];
  return wrapped(text, page, /^ *(?:[*-]|\d+\.) /.test(text) ? '  ' : '');
}

/** Two columns beside each other, the second going on below itself; of more that do not fit, each cell by its heading. */
function tableLines(block: readonly string[], page: Page): string[] {
  const rows = block
    .filter((line) => !/^\|[\s:|-]+\|?$/.test(line))
    .map(cellsOf)
    .filter((cells) => cells.some((cell) => cell !== ''));
  const aligned = alignColumns(rows);
  const isWide = aligned.some((line) => widthOf(line) > (page.columns ?? Number.POSITIVE_INFINITY));
  const [head = [], ...rest] = rows;
  if (isWide && head.length > 2) return rest.flatMap((cells) => cellLines(head, cells, page));
  return aligned.flatMap((line, at) => {
    const last = rows[at]?.at(-1) ?? '';
    return wrapped(line, page, ' '.repeat(Math.min(24, Math.max(2, line.length - last.length))));
  });
}

function cellLines(head: readonly string[], [first = '', ...rest]: readonly string[], page: Page): string[] {
  const cells = rest.flatMap((cell, at) =>
    cell === '' ? [] : wrapped(`  ${[head[at + 1], cell].filter(Boolean).join(': ')}`, page, '    '),
  );
  return [page.colours.bold(first), ...cells];
}

function cellsOf(row: string): string[] {
  const cells = row.replace(/^\||\|\s*$/g, '').split(/(?<!\\)\|/);
  return cells.map((cell) => plain(cell.trim()).replaceAll('\\|', '|'));
}

/** Without what only a browser makes something of; code stays as it is. */
function plain(text: string): string {
  const parts = text.replace(/\[((?:`[^`]*`|[^\]`])*)\]\([^)]*\)/g, '$1').split(/(`[^`]*`)/);
  return parts
    .map((part) => (/^`.*`$/.test(part) ? part.slice(1, -1) : part.replace(/\*\*([^*]+)\*\*/g, '$1')))
    .join('');
}

/** Without empty lines at the ends, and one at most between others. */
function trimmed(lines: readonly string[]): string[] {
  const kept = lines.filter((line, at) => line.trim() !== '' || (lines[at - 1] ?? '').trim() !== '');
  while (kept[0]?.trim() === '') kept.shift();
  while (kept.at(-1)?.trim() === '') kept.pop();
  return kept;
}

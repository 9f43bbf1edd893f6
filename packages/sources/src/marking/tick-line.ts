const OPEN_BOX = /^(\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+)\[ \]/;

/**
 * A text with the box on one of its lines ticked off. All else stays, line ends included; the same text if there is no empty
 * box at the start of that line.
 *
 * @param line from 1
 */
export function tickLine(text: string, line: number): string {
  const lines = text.split('\n');
  const ticked = lines[line - 1]?.replace(OPEN_BOX, '$1[x]');
  return ticked === undefined ? text : lines.with(line - 1, ticked).join('\n');
}

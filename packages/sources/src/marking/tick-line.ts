const OPEN_BOX = /^(\s*(?:>\s*)*(?:[-*+]|\d+[.)])\s+)\[[ ~/-]\]/;

/**
 * A text with the box on one of its lines ticked off. All else stays, line ends included; the same text if there is no open
 * box, empty or in progress (`[-]`, `[~]`, `[/]`), at the start of that line.
 *
 * @param line from 1
 */
export function tickLine(text: string, line: number): string {
  return tickLines(text, [line]);
}

/** The same for several lines. */
export function tickLines(text: string, lines: readonly number[]): string {
  const wanted = new Set(lines);
  return text
    .split('\n')
    .map((line, index) => (wanted.has(index + 1) ? line.replace(OPEN_BOX, '$1[x]') : line))
    .join('\n');
}

/** How much of what an agent said is a question. */
const CHARACTERS = 500;
/** After a question there may be a few choices. */
const LINES = 6;

/**
 * What an agent asks with the last that it said: its last paragraph, if one of the last lines ends with a question mark.
 * `undefined` for everything else. Pure.
 */
export function questionIn(lastMessage: string | undefined): string | undefined {
  const paragraphs = (lastMessage ?? '').trim().split(/\n\s*\n/);
  const lines = paragraphs
    .slice(-3)
    .join('\n')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LINES);
  const at = lines.findLastIndex((line) => /[?？]["'*_)\]`»”]*$/.test(line));
  if (at === -1) return undefined;
  return lines.slice(at).join(' ').slice(0, CHARACTERS);
}

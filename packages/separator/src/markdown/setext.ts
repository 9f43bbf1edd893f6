import { splitLabel } from './label.js';

const UNDERLINE = /^(?:=+|-{2,})$/;
const LONGEST_TITLE = 100;

/**
 * The level of a heading that is underlined (`Files`, and `-----` below it); `undefined` for any other line. A sentence
 * or a labelled line above a rule is none, though CommonMark takes it for one: hardly anybody means that.
 */
export function setextLevel(text: string, next: string | undefined): 1 | 2 | undefined {
  const below = next?.trim() ?? '';
  if (!UNDERLINE.test(below) || text.length > LONGEST_TITLE) return undefined;
  if (below.startsWith('=')) return 1;
  const value = splitLabel(text)?.value ?? '';
  return /[.;,!]$/.test(text) || /[`/.]/.test(value) ? undefined : 2;
}

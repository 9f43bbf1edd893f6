/** So much of an outside text is quoted: enough for the last failures of a test run, little beside a model's context. */
const QUOTED_CHARACTERS = 6000;

/**
 * A text of others, in a block that it can't end itself, without what controls a terminal. Of a long one, the end: that is
 * where tests and compilers say what is wrong.
 */
export function quote(text: string): string {
  const clean = plain(text).trimEnd();
  const shown = lastLines(clean, QUOTED_CHARACTERS);
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  const cut = shown === clean ? '' : '(… the beginning is left out …)\n';
  return `${fence}text\n${cut}${shown}\n${fence}`;
}

/** A text of others on one line: all of it, or so many characters of its beginning. */
export function inline(text: string, most: number = Number.POSITIVE_INFINITY): string {
  const line = plain(text).replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : line.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

/** The end of a text from the beginning of a line on, if it has lines. */
function lastLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.slice(-most).replace(/^[\uDC00-\uDFFF]/, '');
  const line = end.indexOf('\n');
  return line === -1 || line > most / 2 ? end : end.slice(line + 1);
}

/**
 * Without colours and other sequences for terminals, and without control characters but line breaks and tabs. A sequence that
 * has no end takes no more with it than its line.
 */
function plain(text: string): string {
  return text.replace(SEQUENCES, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it removes
const SEQUENCES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B\r\n]*(?:\u0007|\u001B\\)?|[ -/]*[0-Z\\-~])/g;
const CONTROLS = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu;

/** A text of others as a block that it can't end itself: nothing in it is markup, mentions nobody and closes no issue. */
export function fenced(text: string, language = ''): string {
  const clean = plain(text).trimEnd();
  const longest = Math.max(2, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}

/** A text of others on one line, as code. */
export function code(text: string): string {
  const clean = oneLine(text);
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(clean) ? ' ' : '';
  return clean === '' ? '` `' : `${fence}${pad}${clean}${pad}${fence}`;
}

/** A text of others on one line, without control characters. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim();
}

/** The beginning of a text that is too long. */
export function bounded(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n… (${text.length - most} more characters)`;
}

function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

const CONTROLS = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/gu;

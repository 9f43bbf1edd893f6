/** Nothing is longer than this that could be a wrapped path: keeps repeated stripping linear. */
const MOST_LAYERS = 8;

/**
 * Takes emphasis, quotes, brackets and the punctuation of the sentence off a word, in whatever order they
 * stand, and Markdown's escapes out of it. Leaves the stars of a glob and the brackets of a name such as
 * `app/[id]`.
 */
export function unwrap(word: string): string {
  let text = isEscaped(word) ? word.replace(/\\([!-/:-@[-`{-~])/g, '$1') : word;
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const bare = withoutEmphasis(withoutPunctuation(text));
    if (bare === text) break;
    text = bare;
  }
  return text;
}

/** True for `a\_b`, false for `src\a`: every backslash stands before punctuation. */
function isEscaped(word: string): boolean {
  return word.includes('\\') && !/\\(?:[^!-/:-@[-`{-~]|$)/.test(word);
}

/** `**x**`, `__x__`, `*x*`, `_x_`, `~~x~~`, and a `**` that was opened or closed in another word. */
function withoutEmphasis(text: string): string {
  for (const mark of ['**', '__', '~~', '*', '_']) {
    const inner = text.slice(mark.length, -mark.length);
    if (text.length <= 2 * mark.length || !text.startsWith(mark) || !text.endsWith(mark)) continue;
    if (mark[0] === '_' ? !inner.includes('__') : !inner.endsWith('/') && !inner.startsWith('/'))
      return inner;
  }
  if (text.startsWith('**') && text.length > 2 && !text.startsWith('**/')) return text.slice(2);
  return text.length > 2 && text.endsWith('**') && !text.endsWith('/**') ? text.slice(0, -2) : text;
}

const OPENING = '([{';
const CLOSING = ')]}';

function withoutPunctuation(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && "'~".includes(text[start] as string)) start += 1;
  while (end > start && "'~.:!?".includes(text[end - 1] as string)) end -= 1;
  const trimmed = text.slice(start, end);
  const kind = OPENING.indexOf(trimmed[0] ?? ' ');
  if (kind >= 0) {
    const close = closingOf(trimmed, OPENING[kind] as string, CLOSING[kind] as string);
    if (close < 0) return trimmed.slice(1);
    if (close === trimmed.length - 1) return trimmed.slice(1, -1);
  }
  const last = CLOSING.indexOf(trimmed.at(-1) ?? ' ');
  return last >= 0 && !isBalanced(trimmed, OPENING[last] as string, CLOSING[last] as string)
    ? trimmed.slice(0, -1)
    : trimmed;
}

/** Where the bracket that the text starts with is closed; -1 if nowhere. */
function closingOf(text: string, open: string, close: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    else if (text[at] === close) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function isBalanced(text: string, open: string, close: string): boolean {
  return text.split(open).length === text.split(close).length;
}

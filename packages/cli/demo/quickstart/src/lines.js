/** How many lines a text has; a final newline does not start another one. */
export function countLines(text) {
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
}

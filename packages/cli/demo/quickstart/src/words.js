/** How many words a text has. */
export function countWords(text) {
  return text.match(/[\p{L}\p{N}'’-]+/gu)?.length ?? 0;
}

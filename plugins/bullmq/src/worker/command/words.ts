/**
 * The words of a command line, as a shell would pass them on: quotes and backslashes keep spaces. Nothing is expanded.
 *
 * @returns `undefined` if a quote is not closed
 */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] as string;
    const escapes = char === '\\' && quote !== "'" && at + 1 < line.length;
    if (escapes) {
      at += 1;
      word = `${word ?? ''}${line[at]}`;
    } else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === undefined && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${char}`;
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}

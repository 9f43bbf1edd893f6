const WORD = /[\p{L}\p{N}]+/gu;

/** The words of a text in lower case with one space around each, so that phrases can be found with `includes`. */
export function wordsOf(text: string): string {
  const words = text.toLowerCase().normalize('NFC').match(WORD);
  return words ? ` ${words.join(' ')} ` : ' ';
}

/** True if a phrase of one word is all of `words`, or a longer phrase stands anywhere in it. */
export function hasPhrase(words: string, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => {
    const padded = ` ${phrase} `;
    return phrase.includes(' ') ? words.includes(padded) : words === padded;
  });
}

/** True if any of the phrases stands anywhere in `words`. */
export function mentionsPhrase(words: string, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => words.includes(` ${phrase} `));
}

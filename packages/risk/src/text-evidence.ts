import type { Place, SpecFile } from '@pwt/core';

const WORD = /[\p{L}\p{N}_-]+/gu;
const ASCII_WORD = /[a-z0-9_-]+/g;
const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * The first place of each wanted word, in lower case; `kebab-case` counts whole and in parts.
 *
 * @param isWanted called with every word of the texts
 */
export function wordPlaces(
  specs: readonly SpecFile[],
  isWanted: (word: string) => boolean,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const { path, text, firstLine = 1, oneLine } of specs) {
    const lower = text.toLowerCase();
    let line = firstLine;
    let lineEnd = lower.indexOf('\n');
    // Most text is ASCII, for which the classes of Unicode are many times as slow.
    for (const { 0: whole, index } of lower.matchAll(BEYOND_ASCII.test(lower) ? WORD : ASCII_WORD)) {
      for (; lineEnd >= 0 && lineEnd < index; lineEnd = lower.indexOf('\n', lineEnd + 1))
        line += oneLine ? 0 : 1;
      const words = whole.includes('-') ? [whole, ...whole.split('-')] : [whole];
      for (const word of words) {
        if (isWanted(word) && !places.has(word)) places.set(word, { path, line });
      }
    }
  }
  return places;
}

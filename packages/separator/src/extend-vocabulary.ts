import { englishVocabulary } from './english.js';
import type { Vocabulary, VocabularyWords } from './vocabulary.js';

/** A vocabulary with words added to a base, the English one by default. */
export function extendVocabulary(extra: VocabularyWords, base: Vocabulary = englishVocabulary): Vocabulary {
  return joined(base, extra) as Vocabulary;
}

type Words = readonly string[] | { readonly [key: string]: Words };

function joined(base: object, extra: object): object {
  const more = new Map<string, unknown>(Object.entries(extra));
  return Object.fromEntries(
    Object.entries(base).map(([key, words]: [string, Words]) => {
      const added = more.get(key) ?? (Array.isArray(words) ? [] : {});
      return [
        key,
        Array.isArray(words) ? [...words, ...(added as string[])] : joined(words, added as object),
      ];
    }),
  );
}

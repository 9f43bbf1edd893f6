import type { ClaimMode } from '@pwt/core';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';

/** What the words of a heading, a label or a remark say is done; `undefined` if they say nothing or two things. */
export function modeOfWords(words: string, vocabulary: Vocabulary): ClaimMode | undefined {
  const modes = new Set<ClaimMode>();
  for (const word of words.trim().split(' ')) {
    const mode = modeOfWord(word, vocabulary);
    if (mode && mode !== 'read') modes.add(mode);
  }
  return modes.size === 1 ? [...modes][0] : undefined;
}

/** The mode of a verb or its participle. */
export function modeOfWord(word: string, vocabulary: Vocabulary): ClaimMode | undefined {
  return participleModes(vocabulary).get(word) ?? verbMode(word, vocabulary);
}

/** The mode of a verb. */
export function verbMode(verb: string, vocabulary: Vocabulary): ClaimMode | undefined {
  return verbModes(vocabulary).get(verb);
}

/** The word that a text starts with, of its words as `wordsOf` gives them. */
export function firstWord(words: string): string {
  return words.slice(1, words.indexOf(' ', 1));
}

const verbModes = perVocabulary(({ verbs }) => modesOf(verbs));
const participleModes = perVocabulary(({ participles }) => modesOf(participles));

function modesOf(words: Vocabulary['verbs']): ReadonlyMap<string, ClaimMode> {
  // The last entry of a key stands, so the first of these decides.
  const order: readonly ClaimMode[] = ['read', 'rename', 'delete', 'write', 'create'];
  return new Map(order.flatMap((mode) => words[mode].map((one) => [one, mode] as const)));
}

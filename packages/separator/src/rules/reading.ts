import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { hasPhrase, wordsOf } from '../words.js';
import { firstWord, modeOfWords, verbMode } from './modes.js';

/** True for the words of a label or of a cell that say that a file is only read: `Read`, `Based on`, `See first`. */
export function saysReading(words: string, vocabulary: Vocabulary): boolean {
  if (hasPhrase(words, vocabulary.readingLabels)) return true;
  return startsWithReading(words, vocabulary) && modeOfWords(words, vocabulary) === undefined;
}

/** True for a text that starts with a verb such as `read` or `see`. */
export function startsWithReading(words: string, vocabulary: Vocabulary): boolean {
  return verbMode(firstWord(words), vocabulary) === 'read';
}

const REMARK = /[([]([^()[\]]{1,40})[)\]]$/;

const remarks = perVocabulary(
  ({ readingLabels, verbs }) => new Set([...readingLabels, ...verbs.read].map((phrase) => wordsOf(phrase))),
);

/** True for an entry with such a word in brackets behind it, and nothing else: `src/a.ts (reference)`. */
export function hasReadingRemark(body: string, vocabulary: Vocabulary): boolean {
  if (!/[)\]]$/.test(body)) return false;
  const remark = REMARK.exec(body.slice(-42))?.[1];
  return remark !== undefined && remarks(vocabulary).has(wordsOf(remark));
}

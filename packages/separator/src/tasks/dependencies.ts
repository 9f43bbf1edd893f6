import type { SpecLine } from '../markdown/line.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { anyPhrase, hasPhrase, mentionsPhrase, WORD_END, WORD_START, wordsOf } from '../words.js';
import { normaliseNumber } from './spec-name.js';

/** The id of a task that a spec depends on, with its line. */
export interface DependencyMention {
  readonly id: string;
  readonly line: number;
}

/** `SPEC-020`, `Story 7`. */
const references = perVocabulary(
  ({ taskWords }) =>
    new RegExp(
      `${WORD_START}${anyPhrase(taskWords)}[-_\\s#]{1,3}(\\d{1,9}(?:[-.]\\d{1,2}${WORD_END})?)(?![\\w.]*\\.\\w)`,
      'giu',
    ),
);
const onlyNumbers = perVocabulary(({ conjunctions }) => {
  const number = '#?\\d{1,9}(?:[-.]\\d{1,2})?';
  return new RegExp(`^\\W*${number}(?:\\s*(?:,|${anyPhrase(conjunctions)}|&)\\s*${number})*\\W*$`, 'u');
});
const NUMBER = /\d{1,9}(?:[-.]\d{1,2})?/g;
const TICKED = /[✅☑]/u;

/**
 * The ids under `**Dependencies**:`, `Depends on:` and `## Dependencies`: `SPEC-020`, `US-020`,
 * `PRIORITY 2.6`, or plain numbers at the head of the spec and in such a section. Lines that say
 * done, and lines that name tasks which depend on this one, are ignored; so are the labels of list items further down,
 * which are about parts of the task.
 */
export function findDependencies(
  lines: readonly SpecLine[],
  vocabulary: Vocabulary,
): readonly DependencyMention[] {
  const found: DependencyMention[] = [];
  const known = new Map<string, boolean>();
  const isTitle = (text: string) => {
    const answer =
      known.get(text) ?? hasPhrase(wordsOf(text.replace(/^[\d.]+\s*/, '')), vocabulary.dependencies);
    known.set(text, answer);
    return answer;
  };
  for (const line of lines) {
    if (line.kind === 'blank' || line.kind === 'heading' || line.fence) continue;
    const atHead = (line.heading?.level ?? 1) === 1;
    const inSection = line.heading !== undefined && isTitle(line.heading.title);
    const labelled = line.label !== undefined && isTitle(line.label) && (atHead || line.kind === 'text');
    const listed = line.under === undefined ? inSection : isTitle(line.under);
    if ((!labelled && !listed) || line.checked || isPassedOver(line.body, vocabulary)) continue;
    const text = (labelled ? line.value : line.body) ?? '';
    found.push(...idsIn(text, atHead || inSection, vocabulary).map((id) => ({ id, line: line.number })));
  }
  return found;
}

function isPassedOver(body: string, { finished, notAwaited }: Vocabulary): boolean {
  const words = wordsOf(body);
  return TICKED.test(body) || mentionsPhrase(words, finished) || mentionsPhrase(words, notAwaited);
}

function idsIn(text: string, mayBePlain: boolean, vocabulary: Vocabulary): readonly string[] {
  const line = text.slice(0, 2000);
  const named = [...line.matchAll(references(vocabulary))].map((match) =>
    normaliseNumber(match[1] as string),
  );
  if (named.length > 0 || !mayBePlain || !onlyNumbers(vocabulary).test(line)) return named;
  return (line.match(NUMBER) ?? []).map(normaliseNumber);
}

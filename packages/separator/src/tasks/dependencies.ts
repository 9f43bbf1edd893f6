import type { SpecLine } from '../markdown/line.js';
import type { Vocabulary } from '../vocabulary.js';
import { hasPhrase, wordsOf } from '../words.js';
import { normaliseNumber } from './spec-name.js';

/** An id that a spec says must come first, and where it says so. */
export interface DependencyMention {
  readonly id: string;
  readonly line: number;
}

const REFERENCE = /\b(?:SPEC|US|STORY|PRIORITY|TASK)[-_\s#]{1,3}(\d{1,9}(?:[-.]\d{1,2}\b)?)(?![\w.]*\.\w)/gi;
const ONLY_NUMBERS = /^\W*#?\d{1,9}(?:[-.]\d{1,2})?(?:\s*(?:,|and|&)\s*#?\d{1,9}(?:[-.]\d{1,2})?)*\W*$/;
const NUMBER = /\d{1,9}(?:[-.]\d{1,2})?/g;
const DONE = /✅|☑|\b(?:done|complete|completed|finished|merged|landed)\b/i;
const BACKWARDS = /\b(?:blocks|blocking|enables|unblocks|required by|needed by|related|optional)\b/i;

/**
 * The ids under `**Dependencies**:`, `Depends on:` and `## Dependencies`: `SPEC-020`, `US-020`,
 * `PRIORITY 2.6`, or plain numbers at the head of the spec and in such a section. Lines that say done, or
 * that name what depends on this task, are passed over; so are the labels of list items further down, which
 * speak of parts of the task.
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
    if ((!labelled && !listed) || line.checked || DONE.test(line.body) || BACKWARDS.test(line.body)) continue;
    const text = (labelled ? line.value : line.body) ?? '';
    found.push(...idsIn(text, atHead || inSection).map((id) => ({ id, line: line.number })));
  }
  return found;
}

function idsIn(text: string, mayBePlain: boolean): readonly string[] {
  const line = text.slice(0, 2000);
  const named = [...line.matchAll(REFERENCE)].map((match) => normaliseNumber(match[1] as string));
  if (named.length > 0 || !mayBePlain || !ONLY_NUMBERS.test(line)) return named;
  return (line.match(NUMBER) ?? []).map(normaliseNumber);
}

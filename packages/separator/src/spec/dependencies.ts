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
const DONE = /✅|☑|\[x\]|\b(?:done|complete|completed|finished|merged|landed)\b/i;
const BACKWARDS = /\b(?:blocks|blocking|enables|unblocks|required by|needed by|related|optional)\b/i;

/**
 * The ids under `**Dependencies**:`, `Depends on:` and `## Dependencies`: `SPEC-020`, `US-020`,
 * `PRIORITY 2.6`, or plain numbers where nothing else is said. Lines that say done, or that name what
 * depends on this task, are passed over.
 */
export function findDependencies(
  lines: readonly SpecLine[],
  vocabulary: Vocabulary,
): readonly DependencyMention[] {
  const found: DependencyMention[] = [];
  const isTitle = (text: string) => hasPhrase(wordsOf(text), vocabulary.dependencies);
  for (const line of lines) {
    if (line.kind === 'blank' || line.kind === 'heading' || line.fence) continue;
    const text = line.label !== undefined && isTitle(line.label) ? line.value : sectionText(line, isTitle);
    if (!text || DONE.test(line.body) || BACKWARDS.test(line.body)) continue;
    found.push(...idsIn(text).map((id) => ({ id, line: line.number })));
  }
  return found;
}

function sectionText(line: SpecLine, isTitle: (text: string) => boolean): string | undefined {
  if (line.under !== undefined) return isTitle(line.under) ? line.body : undefined;
  return line.heading && isTitle(line.heading.title.replace(/^[\d.]+\s*/, '')) ? line.body : undefined;
}

function idsIn(text: string): readonly string[] {
  const line = text.slice(0, 2000);
  const named = [...line.matchAll(REFERENCE)].map((match) => normaliseNumber(match[1] as string));
  if (named.length > 0 || !ONLY_NUMBERS.test(line)) return named;
  return (line.match(NUMBER) ?? []).map(normaliseNumber);
}

import type { Vocabulary } from '@pwt/separator';
import { dependencyTexts } from '../../reading/dependency-texts.js';
import { compareStories } from './story-name.js';

/** A story, as far as the order of stories needs it. */
export interface OrderedStory {
  readonly id: string;
  readonly number?: string;
  readonly epic?: string;
  readonly text: string;
}

const NUMBER = /(?<![\d.])(\d{1,4})[.-](\d{1,4}[a-z]?(?:\.\d{1,4}[a-z]?)?)(?![\d.]*\d)/gi;

/**
 * The stories that each one waits for: those that it names under "Dependencies" or "Depends on", or else the one before it in
 * its epic, since stories build on earlier ones.
 *
 * @param inOrder false: only on those that it names
 */
export function storyNeeds(
  stories: readonly OrderedStory[],
  inOrder: boolean,
  vocabulary: Vocabulary,
): ReadonlyMap<string, readonly string[]> {
  const byNumber = new Map(stories.flatMap(({ id, number }) => (number === undefined ? [] : [[number, id]])));
  const sorted = [...stories].sort((a, b) => compareStories(a.number ?? '', b.number ?? ''));
  const last = new Map<string, string>();
  const result = new Map<string, readonly string[]>();
  for (const { id, epic, text } of sorted) {
    const named = namedStories(text, vocabulary);
    const before = epic === undefined || !inOrder ? undefined : last.get(epic);
    const needs = named?.flatMap((number) => byNumber.get(number) ?? []) ?? (before ? [before] : []);
    result.set(
      id,
      [...new Set(needs)].filter((need) => need !== id),
    );
    if (epic !== undefined) last.set(epic, id);
  }
  return result;
}

/** The numbers of the stories that a text says it depends on; `undefined` if it says nothing of that. */
function namedStories(text: string, vocabulary: Vocabulary): readonly string[] | undefined {
  const said = dependencyTexts(text, vocabulary);
  const numbers = said.flatMap((line) =>
    [...line.matchAll(NUMBER)].map(([, epic, rest]) => `${epic}.${rest}`.toLowerCase()),
  );
  const isNone = said.some((line) => /^\W*(?:none|nothing|n\/a)\b/i.test(line));
  return numbers.length > 0 || isNone ? numbers : undefined;
}

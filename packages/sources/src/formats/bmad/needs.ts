import { readLines, type Vocabulary } from '@pwt/separator';
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
function namedStories(text: string, { dependencies, notAwaited }: Vocabulary): readonly string[] | undefined {
  const found: string[] = [];
  let isSaid = false;
  const knows = (title: string | undefined) =>
    title !== undefined &&
    dependencies.includes(
      title
        .toLowerCase()
        .replace(/[^\p{L}]+/gu, ' ')
        .trim(),
    );
  for (const { kind, heading, label, value, under, body, fence } of readLines(text)) {
    if (kind === 'blank' || kind === 'heading' || fence) continue;
    const isSection = knows(heading?.title) || knows(under);
    const isOther = label !== undefined && !knows(label);
    if (isOther && notAwaited.some((word) => label.toLowerCase().startsWith(word))) continue;
    if (!isSection && !knows(label)) continue;
    const said = knows(label) ? (value ?? '') : body;
    const numbers = [...said.slice(0, 2_000).matchAll(NUMBER)].map(([, epic, rest]) => `${epic}.${rest}`);
    if (numbers.length > 0 || /^\W*(?:none|nothing|n\/a)\b/i.test(said)) isSaid = true;
    found.push(...numbers.map((number) => number.toLowerCase()));
  }
  return isSaid ? found : undefined;
}

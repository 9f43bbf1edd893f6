import { PwtError } from '@pwt/core';

/** One thing that a user typed: an id, or a range of them. */
export interface SelectedIds {
  readonly typed: string;
  /** What a task may be called that is meant by all of it; the first one that exists counts. */
  readonly names: readonly string[];
  /** The ids between two numbers, if there is no such task; all that exist count. */
  readonly range: readonly string[];
}

const RANGE = /^(\d{1,9})-(\d{1,9})$/;
const LONGEST_RANGE = 1000;

/**
 * Reads what a user typed: `20 21`, `20,21`, `20-25`, `US-020`, or nothing for all.
 *
 * @param namesFor what a task may be called whose id was typed so, the likeliest first
 */
export function selectIds(
  typed: readonly string[],
  namesFor: (id: string) => readonly string[],
): SelectedIds[] {
  const words = typed.flatMap((word) => word.split(',')).filter((word) => word !== '');
  return words.map((word) => {
    const [, first, last] = RANGE.exec(word) ?? [];
    const numbers = first === undefined ? [] : numbersBetween(Number(first), Number(last));
    return { typed: word, names: namesFor(word), range: numbers.flatMap(namesFor) };
  });
}

/** Every id that could be meant. */
export function candidateIds(selection: readonly SelectedIds[]): string[] {
  return [...new Set(selection.flatMap(({ names, range }) => [...names, ...range]))];
}

/**
 * The ids that are meant, now that it is known which exist; in the order in which they were typed.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN` with everything that means no task
 */
export function existingIds(
  selection: readonly SelectedIds[],
  exists: (id: string) => boolean,
  hint: string,
): readonly string[] {
  const found = selection.map(({ names, range }) => {
    const name = names.find(exists);
    return name === undefined ? range.filter(exists) : [name];
  });
  const unknown = selection.filter((_, index) => found[index]?.length === 0).map(({ typed }) => typed);
  if (unknown.length === 0) return [...new Set(found.flat())];
  const none = unknown.length === 1 ? 'There is no task' : 'There are no tasks';
  throw new PwtError('PWT_TASK_UNKNOWN', `${none} ${unknown.join(', ')}.`, {
    hint,
    data: { ids: unknown },
  });
}

/** Empty when the first number is the larger one, or when there are too many: then the text is no range. */
function numbersBetween(first: number, last: number): string[] {
  const amount = last - first + 1;
  if (amount < 1 || amount > LONGEST_RANGE) return [];
  return Array.from({ length: amount }, (_, index) => String(first + index));
}

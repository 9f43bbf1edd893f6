import { PwtError } from '@pwt/core';

/** One thing that a user typed: an id, or a range of them. */
export interface SelectedIds {
  readonly typed: string;
  /** The ids that it may mean, in normal form. */
  readonly ids: readonly string[];
  /** Absent for an id. A range passes over ids that do not exist, unless a task is called exactly like it. */
  readonly exact?: string;
}

const RANGE = /^(\d{1,9})-(\d{1,9})$/;
const LONGEST_RANGE = 1000;

/**
 * Reads what a user typed: `20 21`, `20,21`, `20-25`, `US-020`, or nothing for all.
 *
 * @param normaliseId puts a single id into the form that the task source returns
 */
export function selectIds(typed: readonly string[], normaliseId: (id: string) => string): SelectedIds[] {
  const words = typed.flatMap((word) => word.split(',')).filter((word) => word !== '');
  return words.map((word) => {
    const range = RANGE.exec(word);
    const exact = normaliseId(word);
    if (!range) return { typed: word, ids: [exact] };
    return { typed: word, exact, ids: numbersBetween(Number(range[1]), Number(range[2])).map(normaliseId) };
  });
}

/** Every id that could be meant. */
export function candidateIds(selection: readonly SelectedIds[]): string[] {
  return [...new Set(selection.flatMap(({ ids, exact }) => (exact === undefined ? ids : [exact, ...ids])))];
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
  const found = selection.map(({ ids, exact }) =>
    exact !== undefined && exists(exact) ? [exact] : ids.filter(exists),
  );
  const unknown = selection.filter((_, index) => found[index]?.length === 0).map(({ typed }) => typed);
  if (unknown.length === 0) return [...new Set(found.flat())];
  const tasks = unknown.length === 1 ? 'task' : 'tasks';
  throw new PwtError('PWT_TASK_UNKNOWN', `There is no ${tasks} ${unknown.join(', ')}.`, {
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

import { PwtError } from '@pwt/core';

/** The tasks a user asked for. */
export interface Selection {
  /** Absent: every task there is. */
  readonly ids?: readonly string[];
  /** Ids that came out of a range: those that do not exist are passed over. */
  readonly optional: ReadonlySet<string>;
}

const RANGE = /^(\d{1,9})-(\d{1,9})$/;
const LONGEST_RANGE = 1000;

/**
 * Reads what a user typed: `20 21`, `20,21`, `20-25`, `US-020`, or nothing for all.
 *
 * @param normaliseId puts a single id into the form that the task source returns
 * @throws PwtError `PWT_TASK_RANGE_INVALID`
 */
export function selectIds(typed: readonly string[], normaliseId: (id: string) => string): Selection {
  const words = typed.flatMap((word) => word.split(',')).filter((word) => word !== '');
  if (words.length === 0) return { optional: new Set() };
  const ids: string[] = [];
  const optional = new Set<string>();
  for (const word of words) {
    const range = RANGE.exec(word);
    if (!range) {
      ids.push(normaliseId(word));
      continue;
    }
    for (const id of numbersBetween(word, Number(range[1]), Number(range[2])).map(normaliseId)) {
      ids.push(id);
      optional.add(id);
    }
  }
  return { ids: [...new Set(ids)], optional };
}

function numbersBetween(word: string, first: number, last: number): string[] {
  if (last < first || last - first >= LONGEST_RANGE) {
    throw new PwtError('PWT_TASK_RANGE_INVALID', `${word} is not a range of tasks.`, {
      hint: `Write the smaller number first, at most ${LONGEST_RANGE} tasks: 20-25`,
      data: { range: word },
    });
  }
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

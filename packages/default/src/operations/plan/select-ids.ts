import { PwtError, type Task } from '@pwt/core';
import { groupOf } from './task-groups.js';

/** A task among which a user chooses; where it belongs is not always known. */
export type Selectable = Pick<Task, 'id'> & Partial<Pick<Task, 'specs' | 'context'>>;

/** One thing that a user typed: an id, a range of them, or what several tasks have in common. */
export interface SelectedIds {
  readonly typed: string;
  /** What a task may be called that is meant by all of it; the first one that exists counts. */
  readonly names: readonly string[];
  /** The ids between two numbers, if there is no such task; all that exist count. */
  readonly range: readonly string[];
}

const LONGEST_RANGE = 1000;

/**
 * Reads what a user typed: `20 21`, `20,21`, `20-25`, `T039-T043`, `US-020`, or nothing for all.
 *
 * @param namesFor what a task may be called whose id was typed so, the likeliest first
 */
export function selectIds(
  typed: readonly string[],
  namesFor: (id: string) => readonly string[],
): SelectedIds[] {
  // The name of a phase may have commas; ids have no spaces.
  const words = typed.flatMap((word) => (/\s/.test(word.trim()) ? [word.trim()] : word.split(',')));
  return words
    .filter((word) => word !== '')
    .map((word) => ({ typed: word, names: namesFor(word), range: idsBetween(word).flatMap(namesFor) }));
}

/** Every id that could be meant, but for those of groups. */
export function candidateIds(selection: readonly SelectedIds[]): string[] {
  return [...new Set(selection.flatMap(({ names, range }) => [...names, ...range]))];
}

/** The tasks that are called what was typed, or lie in that range. */
export function namedBy({ names, range }: SelectedIds, exists: (id: string) => boolean): readonly string[] {
  const name = names.find(exists);
  return name === undefined ? [...new Set(range.filter(exists))] : [name];
}

/**
 * The ids that are meant, now that it is known which tasks there are; in the order in which they were typed. What is the id
 * of no task may stand for several of them: see {@link groupOf}.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN` with everything that means no task
 */
export function existingIds(
  selection: readonly SelectedIds[],
  tasks: Iterable<Selectable>,
  hint: string | ((unknown: readonly SelectedIds[]) => string),
): readonly string[] {
  const all = [...tasks];
  const ids = new Set(all.map(({ id }) => id));
  const found = selection.map((one) => {
    const named = namedBy(one, (id) => ids.has(id));
    return named.length > 0 ? named : groupOf(one.typed, all);
  });
  const unknown = selection.filter((_, index) => found[index]?.length === 0);
  if (unknown.length === 0) return [...new Set(found.flat())];
  const typed = unknown.map((one) => one.typed);
  const none = typed.length === 1 ? 'There is no task' : 'There are no tasks';
  throw new PwtError('PWT_TASK_UNKNOWN', `${none} ${typed.join(', ')}.`, {
    hint: typeof hint === 'string' ? hint : hint(unknown),
    data: { ids: typed },
  });
}

const NUMBERED = /^(.*?)(\d{1,9})$/;

/**
 * The ids of a range such as `20-25`, `T039-T043`, `T039-43` or `001-T039-T043`: numbers between two others, after the same
 * text, as they are typed and without padding. Empty when the text is no range, or of more than {@link LONGEST_RANGE} ids.
 */
function idsBetween(word: string): readonly string[] {
  for (let dash = word.indexOf('-'); dash !== -1; dash = word.indexOf('-', dash + 1)) {
    const [, before = '', first] = NUMBERED.exec(word.slice(0, dash)) ?? [];
    const [, again = '', last] = NUMBERED.exec(word.slice(dash + 1)) ?? [];
    if (first === undefined || last === undefined) continue;
    if (!before.toLowerCase().endsWith(again.toLowerCase())) continue;
    const amount = Number(last) - Number(first) + 1;
    if (amount < 1 || amount > LONGEST_RANGE) continue;
    const numbers = Array.from({ length: amount }, (_, index) => String(Number(first) + index));
    return numbers.flatMap((number) => [
      ...new Set([before + number, before + number.padStart(first.length, '0')]),
    ]);
  }
  return [];
}

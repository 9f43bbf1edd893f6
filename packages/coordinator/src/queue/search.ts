import { split } from './grouping.js';
import type { Knowledge } from './knowledge.js';
import type { Candidate, View } from './view.js';

/** Tasks that are told apart by testing parts of them. */
interface Pool {
  readonly tasks: readonly string[];
  /** How large a part is at most, so that it is green about as often as red. */
  readonly size: number;
  /** One of them is red, or tested at the same time: what is not green in the parts is in the rest. */
  readonly whole: boolean;
  tests: number;
}

/** What a search needs at least, and what it can use beyond that. */
export interface Search {
  /** The fewest tests that lead on. */
  readonly needed: number;
  /** The parts to test, if there are so many tests. */
  readonly parts: (tests: number) => readonly (readonly string[])[];
}

/** @param joined the untested tasks that are in a joint state which is tested anyway */
export function search(view: View, { groups, fresh, outlook }: Knowledge, joined: readonly string[]): Search {
  const testing = new Set(
    view.running.filter(({ probe }) => probe.purpose === 'search').flatMap(({ sequence }) => sequence),
  );
  const pools: Pool[] = groups
    .filter((group) => group.length > 1 && !group.some((task) => testing.has(task)))
    .map((tasks) => ({
      tasks,
      size: evenSize(tasks.length - 1, (size) => outlook.partGreen(size, tasks.length)),
      whole: true,
      tests: 1,
    }));
  const outside = fresh.filter((task) => !joined.includes(task) && !testing.has(task));
  if (outside.length > 0) {
    const size = evenSize(outside.length, (count) => outlook.allGreen(count));
    pools.push({ tasks: outside, size, whole: false, tests: Math.ceil(outside.length / size) });
  }
  const needed = pools.reduce((sum, { tests }) => sum + tests, 0);
  const inside = joined.filter((task) => !testing.has(task));
  if (inside.length > 1) pools.push({ tasks: inside, size: inside.length, whole: true, tests: 0 });
  return { needed, parts: (tests) => parts(view, pools, tests) };
}

function parts({ open }: View, pools: readonly Pool[], tests: number): string[][] {
  const total = () => pools.reduce((sum, pool) => sum + pool.tests, 0);
  while (total() < tests) {
    const coarsest = pools
      .filter((pool) => pool.tests < pool.tasks.length)
      .reduce<Pool | undefined>(
        (most, pool) => (!most || partSize(pool) > partSize(most) ? pool : most),
        undefined,
      );
    if (!coarsest) break;
    coarsest.tests += 1;
  }
  return pools.flatMap((pool) => split(pool.tasks, partSize(pool), open).slice(0, pool.tests));
}

function partSize({ tasks, size, whole, tests }: Pool): number {
  const count = whole ? Math.min(tests + 1, tasks.length) : tests;
  return Math.max(1, Math.min(size, Math.ceil(tasks.length / count)));
}

/** How many tasks are green together about as often as not: a test of them tells most. At least 1. */
function evenSize(limit: number, green: (size: number) => number): number {
  let size = 1;
  while (size < limit && 0.5 - green(size + 1) < green(size) - 0.5) size += 1;
  return size;
}

/**
 * If only one task is at fault, and no other tasks are left to test, everything without it is green: one part of the red
 * group is left out at a time. The state that is green is integrated at once.
 *
 * @returns nothing where too many tasks may be at fault
 */
export function leaveOut(
  view: View,
  { groups, fresh, outlook }: Knowledge,
  others: readonly string[],
  slots: number,
): Candidate[] {
  const [group] = groups;
  if (!group || groups.length > 1 || fresh.length > 0 || group.length < 2 || slots < 2) return [];
  if (view.running.length > 0 || outlook.oneRed(group.length) < 0.6) return [];
  const left = split(group, Math.ceil(group.length / slots), view.open);
  return left.map((part) => ({
    sequence: [...others, ...group.filter((task) => !part.includes(task))],
    purpose: 'search' as const,
  }));
}

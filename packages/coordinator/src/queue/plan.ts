import { inquire, suspicions } from './blame.js';
import { keyOf } from './evidence.js';
import { split } from './grouping.js';
import { Outlook } from './outlook.js';
import { suspectGroups } from './suspects.js';
import type { Candidate, View } from './view.js';

/** Above this chance that everything is green together, no other slot is spent on finding out what is not. */
const CERTAIN = 0.85;
/** Below this chance of being green, a joint state is not worth a gate, when there is another slot, and when there is none. */
const WORTH = { beside: 0.25, alone: 0.4 };

/** States to test in the free slots, the most useful first. */
export function plan(view: View): Candidate[] {
  const { line, evidence, estimate, open, running } = view;
  const integrated = [...line.integrated];
  const groups = suspectGroups(view);
  const suspected = new Set(groups.flat());
  const free = view.slots - running.length;
  const list: Candidate[] = [];

  const tip = evidence.of(integrated);
  if (tip ? integrated.length === 0 && !evidence.isGreen(tip) : evidence.red().length > 0) {
    list.push({ sequence: integrated, purpose: 'base' });
  }

  const trusted = open.map(({ taskId }) => taskId).filter((task) => !suspected.has(task));
  const cleared = trusted.filter((task) => evidence.wereGreen([task]));
  const fresh = trusted.filter((task) => !cleared.includes(task));
  const large = groups.filter((group) => group.length > 1);
  const outlook = new Outlook(
    estimate,
    cleared.length,
    groups.map((group) => group.length),
  );

  // The join.
  const chain = running
    .map(({ sequence }) => sequence)
    .filter((sequence) => line.leadsTo(sequence) && !sequence.some((task) => suspected.has(task)))
    .reduce((longest, sequence) => (sequence.length > longest.length ? sequence : longest), integrated);
  const testing = new Set(running.flatMap(({ sequence }) => sequence));
  const inChain = new Set(chain);
  const chainFresh = fresh.filter((task) => inChain.has(task)).length;
  const worth = free > 1 ? WORTH.beside : WORTH.alone;
  const newFresh = fresh.filter((task) => !inChain.has(task));
  const addable = newFresh.filter((_, at) => outlook.allGreen(chainFresh + at + 1) >= worth);
  const joined = [...cleared.filter((task) => !inChain.has(task)), ...addable];
  if (joined.length > 0) list.push({ sequence: [...chain, ...joined], purpose: 'join' });

  // The search.
  const inJoin = new Set([...chain, ...joined]);
  const outside = fresh.filter((task) => !inJoin.has(task) && !testing.has(task));
  const inside = fresh.filter((task) => inJoin.has(task));
  const slots = free - list.length;
  const pools: { tasks: string[]; parts: number; red: boolean }[] = large.map((tasks) => ({
    tasks,
    parts: 2,
    red: true,
  }));
  if (outside.length > 0) {
    pools.push({
      tasks: outside,
      parts: Math.ceil(outside.length / outlook.bestSize(outside.length)),
      red: false,
    });
  } else if (
    inside.length > 1 &&
    outlook.allGreen(inside.length) < CERTAIN &&
    !running.some(({ probe }) => probe.purpose === 'search')
  ) {
    pools.push({ tasks: inside, parts: 1, red: false });
  }
  const total = () => pools.reduce((sum, { parts }) => sum + parts, 0);
  while (total() < slots) {
    const coarsest = pools
      .filter(({ tasks, parts }) => parts < tasks.length)
      .reduce<(typeof pools)[number] | undefined>(
        (most, pool) =>
          pool.tasks.length / pool.parts > (most ? most.tasks.length / most.parts : 0) ? pool : most,
        undefined,
      );
    if (!coarsest) break;
    coarsest.parts += 1;
  }
  for (const { tasks, parts } of pools) {
    for (const part of split(tasks, parts, open)) {
      if (parts > 1 || inside.length === 0)
        list.push({ sequence: [...integrated, ...part], purpose: 'search' });
    }
  }

  for (const group of groups) {
    if (group.length === 1) list.push({ sequence: [...integrated, ...group], purpose: 'search' });
  }
  for (const suspicion of suspicions(view)) {
    const inquiry = inquire(view, suspicion);
    if ('missing' in inquiry) list.push(...inquiry.missing);
  }
  return onlyNew(view, list);
}

/** What has to be tested in any case, when nothing else is left to do: each task on its own, until it is decided. */
export function lastResort(view: View): Candidate[] {
  const { line, open } = view;
  return onlyNew(
    view,
    open.map(({ taskId }) => ({ sequence: [...line.integrated, taskId], purpose: 'confirm' as const })),
  );
}

/** Without those that run already, or are known; confirmations count. */
function onlyNew(view: View, list: readonly Candidate[]): Candidate[] {
  const runningNow = new Map<string, number>();
  for (const { sequence } of view.running) {
    const key = keyOf(sequence);
    runningNow.set(key, (runningNow.get(key) ?? 0) + 1);
  }
  const listed = new Set<string>();
  return list.filter(({ sequence, purpose }) => {
    const key = keyOf(sequence);
    const already = runningNow.get(key) ?? 0;
    if (purpose === 'confirm') {
      if (already > 0) runningNow.set(key, already - 1);
      return already === 0;
    }
    if (already > 0 || listed.has(key)) return false;
    listed.add(key);
    const known = view.evidence.of(sequence);
    return !known || purpose === 'base' || view.evidence.isGreen(known);
  });
}

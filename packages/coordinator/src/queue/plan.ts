import { inquire, suspicions } from './blame.js';
import { keyOf } from './evidence.js';
import { type Knowledge, know } from './knowledge.js';
import { leaveOut, search } from './search.js';
import type { Candidate, View } from './view.js';

/** Above this chance that everything is green together, no other slot is spent on finding out what is not. */
const CERTAIN = 0.85;
/** Below this chance of being green, a joint state is not worth a gate. */
const WORTH = 0.25;

/** States to test in the free slots, the most useful first. */
export function plan(view: View): Candidate[] {
  const knowledge = know(view);
  const list: Candidate[] = [...base(view)];
  const free = () => view.slots - view.running.length - list.length;

  const integrated = [...view.line.integrated];
  const apart = leaveOut(view, knowledge, [...integrated, ...knowledge.cleared], free());
  const confirmations = confirm(view);
  if (apart.length > 0) {
    list.push(...apart, ...confirmations);
    const [group] = knowledge.groups;
    if (group) list.push({ sequence: [...integrated, ...knowledge.cleared, ...group], purpose: 'confirm' });
    for (const task of group ?? []) list.push({ sequence: [...integrated, task], purpose: 'search' });
    return onlyNew(view, list);
  }

  const joint = join(view, knowledge);
  const joined = knowledge.fresh.filter((task) => joint?.includes(task));
  const { needed, parts } = search(view, knowledge, joined);
  const isCertain = needed === 0 && knowledge.outlook.allGreen(joined.length) >= CERTAIN;
  if (joint) list.push({ sequence: joint, purpose: 'join' });
  const beside = onlyNew(view, confirmations);
  const tests = isCertain ? 0 : Math.max(needed, free() - beside.length);
  const searched = parts(tests).map((part) => ({
    sequence: [...integrated, ...part],
    purpose: 'search' as const,
  }));
  list.push(...searched.slice(0, needed), ...confirmations, ...searched.slice(needed));
  return onlyNew(view, list);
}

/** The tip, if a first red has come and it is not known what is red on the tip itself. */
function base({ line, evidence }: View): Candidate[] {
  const tip = evidence.of(line.integrated);
  const unknown = tip ? line.integrated.length === 0 && !evidence.isGreen(tip) : evidence.red().length > 0;
  return unknown ? [{ sequence: [...line.integrated], purpose: 'base' }] : [];
}

/**
 * Everything that is green as far as known, and of what is not known as much as can be green. On top of the longest chain
 * that is running, so that it can be integrated after that without another gate.
 */
function join({ line, running }: View, { groups, cleared, fresh, outlook }: Knowledge): string[] | undefined {
  const suspected = new Set(groups.flat());
  const chain = running
    .map(({ sequence }) => sequence)
    .filter((sequence) => line.leadsTo(sequence) && !sequence.some((task) => suspected.has(task)))
    .reduce((longest, sequence) => (sequence.length > longest.length ? sequence : longest), line.integrated);
  const inChain = new Set(chain);
  const untested = fresh.filter((task) => inChain.has(task)).length;
  const joined = [
    ...cleared.filter((task) => !inChain.has(task)),
    ...fresh
      .filter((task) => !inChain.has(task))
      .filter((_, at) => outlook.allGreen(untested + at + 1) >= WORTH),
  ];
  return joined.length > 0 ? [...chain, ...joined] : undefined;
}

/** Reds that have to be seen again, and tasks that have to be tested alone, before a task is rejected. */
function confirm(view: View): Candidate[] {
  const list: Candidate[] = [];
  const suspected = suspicions(view);
  for (const suspicion of suspected) {
    const inquiry = inquire(view, suspicion);
    if ('missing' in inquiry) list.push(...inquiry.missing);
  }
  return list;
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

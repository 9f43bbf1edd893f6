import { inquire, sequenceOf, suspicions } from './blame.js';
import { type Knowledge, know } from './knowledge.js';
import { leaveOut, search } from './search.js';
import { isWithin } from './task-set.js';
import type { Candidate, View } from './view.js';

/** Above this chance that everything is green together, no other slot is spent on finding out what is not. */
const CERTAIN = 0.7;
/** Below this chance of being green, a joint state is not worth a gate. */
const WORTH = 0.25;

/** States to test in the free slots, the most useful first. */
export function plan(view: View): Candidate[] {
  const knowledge = know(view);
  const list: Candidate[] = [...base(view), ...onlyNew(view, again(view, knowledge))];
  const free = () => view.slots - view.running.length - list.length;

  const integrated = [...view.line.integrated];
  const apart = leaveOut(view, knowledge, [...integrated, ...knowledge.cleared], free());
  const confirmations = confirm(view, knowledge);
  if (apart.length > 0) {
    list.push(...apart, ...confirmations);
    const [group] = knowledge.groups;
    if (group) list.push({ sequence: [...integrated, ...knowledge.cleared, ...group], purpose: 'confirm' });
    for (const task of group ?? []) list.push({ sequence: [...integrated, task], purpose: 'search' });
    return onlyNew(view, list);
  }

  const joint = join(view, knowledge);
  const joined = knowledge.fresh.filter((task) => joint.includes(task));
  const { needed, parts } = search(view, knowledge, joined);
  const isCertain = needed === 0 && knowledge.outlook.allGreen(joined.length) >= CERTAIN;
  if (joint.length > integrated.length) list.push({ sequence: joint, purpose: 'join' });
  const beside = onlyNew(view, confirmations);
  const tests = isCertain ? 0 : Math.max(needed, free() - beside.length);
  const searched = parts(tests).map((part) => ({
    sequence: [...integrated, ...part],
    purpose: 'search' as const,
  }));
  list.push(...searched.slice(0, needed), ...confirmations, ...searched.slice(needed));
  return onlyNew(view, list);
}

/** Reds that may be flakes. In an order that the line leads to where possible, so that a green one can be integrated. */
function again({ bits, line }: View, { doubtful }: Knowledge): Candidate[] {
  const { integrated } = line;
  return doubtful.map((red) => {
    const tested = sequenceOf(red);
    const rest = tested.filter((task) => !integrated.includes(task));
    const isOnLine = isWithin(bits.setOf(integrated), red.tasks);
    return { sequence: isOnLine ? [...integrated, ...rest] : tested, purpose: 'confirm' };
  });
}

/** The tip, if a first red has come and it is not known what is red on the tip itself. */
function base({ bits, line, evidence, isBaseSilent }: View): Candidate[] {
  if (isBaseSilent && evidence.red.length === 0) return [];
  const tip = evidence.of(bits.setOf(line.integrated));
  const unknown = tip ? line.integrated.length === 0 && !evidence.isGreen(tip) : evidence.red.length > 0;
  return unknown ? [{ sequence: [...line.integrated], purpose: 'base' }] : [];
}

/**
 * Everything that is green as far as known, and of what is not known as much as can be green. On top of the longest chain
 * that is running, so that it can be integrated after that without another gate.
 */
function join({ line, running }: View, { groups, cleared, fresh, outlook }: Knowledge): string[] {
  const suspected = new Set(groups.flat());
  const chain = running
    .map(({ sequence }) => sequence)
    .filter((sequence) => line.leadsTo(sequence) && !sequence.some((task) => suspected.has(task)))
    .reduce((longest, sequence) => (sequence.length > longest.length ? sequence : longest), line.integrated);
  const inChain = new Set(chain);
  const untested = fresh.filter((task) => inChain.has(task)).length;
  const worth = outlook.allGreen(fresh.length) >= WORTH ? WORTH : 0.5;
  const joined = [
    ...cleared.filter((task) => !inChain.has(task)),
    ...fresh
      .filter((task) => !inChain.has(task))
      .filter((_, at) => untested + at === 0 || outlook.allGreen(untested + at + 1) >= worth),
  ];
  return [...chain, ...joined];
}

/** Reds that have to be seen again, and tasks that have to be tested alone, before a task is rejected. */
function confirm(view: View, { groups }: Knowledge): Candidate[] {
  const suspected = suspicions(view);
  const missing = suspected.flatMap((suspicion) => {
    const inquiry = inquire(view, suspicion);
    return 'missing' in inquiry ? inquiry.missing : [];
  });
  const inferred = groups.flatMap(([taskId, second]) => {
    const task = second === undefined ? view.open.find((other) => other.taskId === taskId) : undefined;
    return task && !suspected.some((suspicion) => suspicion.task === task) ? task : [];
  });
  const alone = inferred.map(({ taskId, base }): Candidate => {
    return { sequence: [...view.line.before(base), taskId], purpose: 'search' };
  });
  const here = inferred.map(({ taskId }): Candidate => {
    return { sequence: [...view.line.integrated, taskId], purpose: 'search' };
  });
  return [
    ...missing,
    ...onlyNew(view, alone),
    ...here.filter((_, at) => onlyNew(view, alone.slice(at, at + 1)).length === 0),
  ];
}

/** What has to be tested in any case, when nothing else is left to do: each task on its own, until it is decided. */
export function lastResort(view: View): Candidate[] {
  const { bits, line, evidence, open } = view;
  const list = open.map(({ taskId }): Candidate => {
    const sequence = [...line.integrated, taskId];
    const known = evidence.of(bits.setOf(sequence));
    return { sequence, purpose: known && !evidence.isGreen(known) ? 'confirm' : 'join' };
  });
  return onlyNew(view, list);
}

/** Without those that run already, are known, or can't be made; confirmations count. */
function onlyNew(view: View, list: readonly Candidate[]): Candidate[] {
  const { bits, line, evidence, running } = view;
  const runs = running.map(({ tasks }) => tasks);
  const listed = new Set(runs);
  return list.filter(({ sequence, purpose }) => {
    if (view.isRefused(sequence)) return false;
    const tasks = bits.setOf(sequence);
    if (purpose === 'confirm') {
      const at = runs.indexOf(tasks);
      if (at >= 0) runs.splice(at, 1);
      return at < 0;
    }
    if (listed.has(tasks)) return false;
    listed.add(tasks);
    const known = evidence.of(tasks);
    if (!known || purpose === 'base') return true;
    // Green, but joined in an order that the line does not lead to: tested once more where the line does.
    const green = evidence.greenVerdict(known);
    return purpose === 'join' && green !== undefined && !line.leadsTo(green.sequence);
  });
}

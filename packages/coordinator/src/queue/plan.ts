import { inquire, suspicions } from './blame.js';
import { keyOf } from './evidence.js';
import { suspectGroups } from './suspects.js';
import type { Candidate, View } from './view.js';

/** States worth a gate, the most useful first. Those that are running already are among them. */
export function candidates(view: View): Candidate[] {
  const { line, evidence, open, running, slots } = view;
  const groups = suspectGroups(view);
  const suspected = new Set(groups.flat());
  const integrated = [...line.integrated];
  const list: Candidate[] = [];

  const tip = evidence.of(integrated);
  if (tip ? integrated.length === 0 && !evidence.isGreen(tip) : evidence.red().length > 0) {
    list.push({ sequence: integrated, purpose: 'base' });
  }

  const chain = running
    .map(({ sequence }) => sequence)
    .filter((sequence) => line.leadsTo(sequence) && !sequence.some((task) => suspected.has(task)))
    .reduce((longest, sequence) => (sequence.length > longest.length ? sequence : longest), integrated);
  const rest = open.filter(({ taskId }) => !suspected.has(taskId) && !chain.includes(taskId));
  if (rest.length > 0) {
    list.push({ sequence: [...chain, ...rest.map(({ taskId }) => taskId)], purpose: 'join' });
  }

  const free = Math.max(1, slots - running.length);
  for (const group of groups) {
    if (group.length === 1) list.push({ sequence: [...integrated, ...group], purpose: 'search' });
    else {
      for (const part of split(
        group,
        Math.max(2, Math.min(group.length, Math.floor(free / groups.length))),
      )) {
        list.push({ sequence: [...integrated, ...part], purpose: 'search' });
      }
    }
  }
  for (const suspicion of suspicions(view)) {
    const inquiry = inquire(view, suspicion);
    if ('missing' in inquiry) list.push(...inquiry.missing);
  }
  return list;
}

/** What has to be tested in any case, when nothing else is left to do: each task on its own, until it is decided. */
export function lastResort({ line, open }: View): Candidate[] {
  return open.map(({ taskId }) => ({ sequence: [...line.integrated, taskId], purpose: 'confirm' as const }));
}

/** The first that is neither running nor known, but for confirmations, which are run as often as they are listed. */
export function firstNew(view: View, list: readonly Candidate[]): Candidate | undefined {
  const runningNow = new Map<string, number>();
  for (const { sequence } of view.running) {
    const key = keyOf(sequence);
    runningNow.set(key, (runningNow.get(key) ?? 0) + 1);
  }
  for (const candidate of list) {
    const key = keyOf(candidate.sequence);
    const already = runningNow.get(key) ?? 0;
    if (already > 0) {
      runningNow.set(key, already - 1);
      if (candidate.purpose !== 'confirm') runningNow.set(key, already);
      continue;
    }
    const known = view.evidence.of(candidate.sequence);
    const again = candidate.purpose === 'confirm' || candidate.purpose === 'base';
    if (!known || again || view.evidence.isGreen(known)) return candidate;
  }
  return undefined;
}

function split(tasks: readonly string[], parts: number): string[][] {
  const size = Math.ceil(tasks.length / parts);
  return Array.from({ length: Math.ceil(tasks.length / size) }, (_, part) =>
    tasks.slice(part * size, (part + 1) * size),
  );
}

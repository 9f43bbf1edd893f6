import { type AgentUsage, hasCode, type JournalStore, mostUsed, type RunEvent, sumOfUsage } from '@pwt/core';

/** The beginning of the day of a time, by the clock of this machine. Both in milliseconds since the epoch. */
export function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

/**
 * What the agents of a run have used since a time, from its log. Agents tell totals; what is new in each counts at the time
 * at which it was told first: an agent that is found again after a crash tells all of them again. Pure.
 */
export function usedSince(events: Iterable<RunEvent>, since: number): AgentUsage {
  const totals = new Map<string, AgentUsage>();
  const used: AgentUsage[] = [];
  for (const event of events) {
    if (event.type === 'task-dispatched') totals.delete(event.taskId);
    const total = totalIn(event);
    if (total === undefined || event.taskId === undefined) continue;
    const before = totals.get(event.taskId) ?? {};
    totals.set(event.taskId, mostUsed(before, total));
    if (event.at >= since) used.push(difference(total, before));
  }
  return sumOfUsage(used);
}

/** What the other runs of a repository have used since a time. A log that can't be read is left out. */
export async function usedByOthers(
  journals: JournalStore,
  { except, since }: { readonly except: string; readonly since: number },
): Promise<AgentUsage> {
  const others = (await journals.list({ changedSince: since })).filter((runId) => runId !== except);
  const used: AgentUsage[] = [];
  // One after the other: a log can be large.
  for (const runId of others) used.push(usedSince(await readIfWhole(journals, runId), since));
  return sumOfUsage(used);
}

/** What was used after this. Pure. */
export function difference(after: AgentUsage, before: AgentUsage): AgentUsage {
  const entries = Object.entries(after) as [keyof AgentUsage, number][];
  return Object.fromEntries(entries.map(([key, value]) => [key, Math.max(0, value - (before[key] ?? 0))]));
}

function totalIn(event: RunEvent): AgentUsage | undefined {
  if (event.type === 'agent-activity') return event.activity.total;
  return event.type === 'agent-exited' ? event.exit.usage : undefined;
}

/** A damaged log is told at the start of a run; it must not keep others from running. */
async function readIfWhole(journals: JournalStore, runId: string): Promise<readonly RunEvent[]> {
  try {
    return await journals.read(runId);
  } catch (error) {
    const isKnown = ['PWT_JOURNAL_CORRUPT', 'PWT_JOURNAL_NEWER', 'PWT_RUN_UNKNOWN'] as const;
    if (isKnown.some((code) => hasCode(error, code))) return [];
    throw error;
  }
}

import type { AgentUsage, NewRunEvent, RunEvent } from '@pwt/core';
import { MemoryJournalStore } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { startOfDay, usedByOthers, usedSince } from './day-use.js';

const DAY = 24 * 3_600_000;
const midnight = startOfDay(Date.parse('2026-11-30T12:00:00'));

type At = readonly [at: number, event: NewRunEvent];

function log(...events: readonly At[]): RunEvent[] {
  return events.map(([at, event], seq) => ({ v: 1, runId: 'r', seq, at, ...event }) as unknown as RunEvent);
}

const dispatched = (at: number, taskId = '1'): At => [
  at,
  { type: 'task-dispatched', taskId, attempt: 1, base: 'c', stateDir: '/s' },
];
const told = (at: number, total: AgentUsage, taskId = '1'): At => [
  at,
  { type: 'agent-activity', taskId, activity: { kind: 'usage', text: '', total } },
];
const ended = (at: number, usage: AgentUsage): At => [
  at,
  { type: 'agent-exited', taskId: '1', exit: { kind: 'exited', durationMs: 1, usage } },
];

describe('what a run has used since a time', () => {
  it('counts of each total what is new, and once', () => {
    const events = log(
      dispatched(midnight - 9),
      told(midnight - 8, { costUsd: 1, inputTokens: 10 }),
      told(midnight, { costUsd: 1.5, inputTokens: 10 }),
      told(midnight + 1, { costUsd: 2, outputTokens: 4 }),
      ended(midnight + 2, { costUsd: 2, inputTokens: 30, outputTokens: 4 }),
    );
    expect(usedSince(events, midnight)).toEqual({ costUsd: 1, inputTokens: 20, outputTokens: 4 });
    expect(usedSince(events, 0)).toEqual({ costUsd: 2, inputTokens: 30, outputTokens: 4 });
    expect(usedSince(events, midnight + DAY)).toEqual({});
  });

  it('counts once what an agent tells again that was found after a crash', () => {
    const all = [{ costUsd: 1 }, { costUsd: 2 }, { costUsd: 3 }].map((total, at) => told(at + 2, total));
    const again = all.map(([at, event]): At => [at + 10, event]);
    expect(usedSince(log(dispatched(1), ...all, ...again, ended(20, { costUsd: 4 })), 0)).toEqual({
      costUsd: 4,
    });
    expect(usedSince(log(dispatched(1), ...all, ...again), 10)).toEqual({ costUsd: 0 });
  });

  it('begins again with each attempt, and keeps tasks apart', () => {
    const events = log(
      dispatched(1),
      dispatched(1, '2'),
      told(2, { costUsd: 1 }),
      told(3, { costUsd: 5 }, '2'),
      dispatched(4),
      told(5, { costUsd: 0.5 }),
    );
    expect(usedSince(events, 0)).toEqual({ costUsd: 6.5 });
  });
});

describe('what other runs have used', () => {
  it('is in their logs; a damaged one is left out', async () => {
    const journals = new MemoryJournalStore();
    for (const [runId, costUsd] of [
      ['a', 1],
      ['b', 2],
      ['this', 4],
    ] as const) {
      const journal = await journals.open(runId);
      for (const event of log(dispatched(midnight), told(midnight + 1, { costUsd })))
        await journal.append(event);
    }
    const request = { except: 'this', since: midnight };
    expect(await usedByOthers(journals, request)).toEqual({ costUsd: 3 });
    const damaged = Object.assign(Object.create(journals) as MemoryJournalStore, {
      read: async (runId: string) => {
        if (runId === 'b') throw Object.assign(new Error('no'), { code: 'PWT_JOURNAL_CORRUPT' });
        return journals.read(runId);
      },
      list: () => journals.list(),
    });
    await expect(usedByOthers(damaged, request)).rejects.toThrow('no');
  });
});

import type { NewRunEvent } from '@pwt/core';
import {
  makeClaims,
  makeEvents,
  makeGateEvents,
  makeRunOptions,
  makeState,
  makeTask,
  makeTaskEvents,
} from '@pwt/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../io.js';
import { endingText, isEnding } from './ending-text.js';
import { lineSink } from './run-sinks.js';

const BASE = 'a'.repeat(40);
const TIP = 'b'.repeat(40);

const started: NewRunEvent = {
  ...{ type: 'run-started', target: 'main', base: BASE, options: makeRunOptions(), settings: {} },
};
const planned = (taskId: string): NewRunEvent => ({
  ...{ type: 'task-planned', taskId, task: makeTask(taskId), claims: makeClaims(taskId, `${taskId}.ts`) },
});
const dispatched = (taskId: string): NewRunEvent[] => makeTaskEvents(taskId, 'prepared');
/** From there. */
const gated = (taskId: string): readonly NewRunEvent[] => [
  ...makeTaskEvents(taskId, 'audited').slice(2),
  ...makeGateEvents([taskId]),
];
const landed = (...taskIds: readonly string[]): NewRunEvent[] => [
  ...taskIds.flatMap((taskId) => makeTaskEvents(taskId, 'integrated').slice(2)),
  { type: 'landed', target: 'main', from: BASE, to: TIP, taskIds },
];
const removed = (taskId: string): NewRunEvent => ({
  ...{ type: 'workspace-removed', taskId, outcome: { status: 'removed' } },
});

describe('what a run that starts nothing more still does', () => {
  it('names the agents that are waited for, the gate, and what is left to remove', () => {
    const state = makeState(
      ...[started, ...['1', '2', '3', '4', '5'].map(planned)],
      ...[...dispatched('1'), ...dispatched('2'), ...dispatched('3'), ...gated('3')],
      ...[...dispatched('4'), ...dispatched('5'), ...landed('4', '5'), removed('4')],
    );
    expect(endingText(state)).toBe(
      'waiting for 2 agents: 1, 2; the gate tests 3; removing worktrees: 1 of 2',
    );
    expect(isEnding(state)).toBe(false);
  });

  it('counts what is too much to name', () => {
    const ids = Array.from({ length: 12 }, (_, at) => String(at + 1));
    const state = makeState(started, ...ids.map(planned), ...ids.flatMap(dispatched));
    expect(endingText(state)).toBe('waiting for 12 agents: 1, 2, 3, 4, 5, 6, 7, 8 and 4 more');
  });

  it('says so when only small things are left', () => {
    const state = makeState(started, planned('1'), ...dispatched('1'), ...landed('1'), removed('1'));
    expect(endingText(state)).toBe('cleaning up');
    expect(isEnding(state)).toBe(true);
  });
});

describe('lines for a pipe', () => {
  afterEach(() => vi.useRealTimers());

  it('say it at least every two seconds once the run was told to stop, and at its end', async () => {
    vi.useFakeTimers();
    const lines: string[] = [];
    const stderr = { write: () => true };
    const io = { stdout: { write: (text: string) => lines.push(text) }, stderr } as unknown as Io;
    const sink = lineSink(io);
    for (const event of makeEvents(started, planned('1'), ...dispatched('1'))) sink.onEvent(event);
    lines.length = 0;
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([]);
    sink.stopping('drain');
    vi.advanceTimersByTime(60_000);
    expect(lines.length).toBeGreaterThanOrEqual(30);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d waiting for 1 agent: 1\n$/);
    await sink.close?.();
    lines.length = 0;
    vi.advanceTimersByTime(60_000);
    expect(lines).toEqual([]);

    const other = lineSink(io, makeEvents(started, planned('1'), ...dispatched('1'), ...landed('1')));
    vi.advanceTimersByTime(2_000);
    expect(lines.at(-1)).toMatch(/removing worktrees: 0 of 1\n$/);
    await other.close?.();
  });

  it('say at least once a minute what each agent does', async () => {
    vi.useFakeTimers();
    const lines: string[] = [];
    const io = { stdout: { write: (text: string) => lines.push(text) } } as unknown as Io;
    const running = (taskId: string) => makeTaskEvents(taskId, 'running');
    const events = makeEvents(started, ...['1', '2'].map(planned), ...running('1'), ...running('2'));
    const sink = lineSink(io, events);
    const told = (taskId: string) => lines.filter((line) => line.slice(9).startsWith(`${taskId}: `)).length;
    for (let minute = 1; minute <= 5; minute += 1) {
      vi.advanceTimersByTime(60_000);
      expect(told('1')).toBeGreaterThanOrEqual(minute);
    }
    expect(told('1')).toBeLessThanOrEqual(6);
    expect(lines.find((line) => line.includes(' 1: '))).toMatch(/^\d\d:\d\d:\d\d 1: .+\n$/);
    await sink.close?.();
  });
});

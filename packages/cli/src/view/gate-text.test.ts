import { makeEvents, makeGateEvents } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { eventLine } from './event-line.js';
import { runningGateText, testedText } from './gate-text.js';

const ids = (count: number) => Array.from({ length: count }, (_, at) => String(at + 1));

it.each([
  [[], 'base', 'the base'],
  [[], 'target', 'what has come to the target'],
  [['1'], 'join', '1'],
  [ids(3), 'join', '1, 2 and 3 together'],
  [ids(12), 'join', '1, 2, 3, 4, 5, 6, 7, 8 and 4 more together'],
] as const)('names what a gate tests: %j, %s', (taskIds, purpose, text) => {
  expect(testedText({ taskIds, purpose })).toBe(text);
});

it('says for how long a gate runs', () => {
  const gate = { taskIds: ['1', '2'], purpose: 'join', commit: 'c', startedAt: 1000 } as const;
  expect(runningGateText(gate, 13_000)).toBe('the gate tests 1 and 2 together, for 12.0s');
});

it('has a line for the begin and the end of a gate', () => {
  const [started, finished] = makeEvents(
    ...makeGateEvents(['1', '2'], { status: 'green', durationMs: 4000 }),
  );
  if (started?.type !== 'gate-started' || finished?.type !== 'gate-finished') throw new Error('no gate');
  expect(eventLine(started)).toMatch(/ gate started on 1 and 2 together$/);
  expect(eventLine({ ...started, purpose: 'confirm' })).toMatch(/ together, to see the red again$/);
  expect(eventLine(finished)).toMatch(/ gate green for 1 and 2 together after 4.0s$/);
  expect(eventLine({ ...finished, known: true })).toMatch(/ together: known of the same files$/);
});

import { expect, it } from 'vitest';
import { timesOf } from '../demo/run-demo.js';
import { timelineLines } from './timeline-text.js';

it('draws bars on one scale', () => {
  const lines = timelineLines(
    [
      { label: 'a', startMs: 0, endMs: 500 },
      { label: 'bb', startMs: 500, endMs: 1000 },
    ],
    36,
  );
  expect(lines).toEqual([
    `a   ${'█'.repeat(10)}${' '.repeat(10)}  500ms`,
    `bb  ${' '.repeat(10)}${'█'.repeat(10)}  500ms`,
  ]);
  expect(timelineLines([], 80)).toEqual([]);
});

it('cuts long labels, or has longer lines, and leaves half of the width to the bars', () => {
  const bars = [{ label: 'a-label-that-is-as-long-as-this', startMs: 0, endMs: 500 }];
  expect(timelineLines(bars, 40)).toEqual([`a-lab…  ${'█'.repeat(20)}  500ms`]);
  expect(timelineLines(bars, 40, true)).toEqual([`${bars[0]?.label}  ${'█'.repeat(20)}  500ms`]);
});

it('measures from the first dispatch to the last integration', () => {
  const at = (time: number, type: string, taskId: string) => ({ at: time, type, taskId }) as never;
  const events = [
    at(100, 'task-dispatched', '1'),
    at(150, 'task-dispatched', '2'),
    at(400, 'integrated', '1'),
    at(300, 'task-finished', '2'),
  ];
  expect(timesOf(events)).toEqual({
    durationMs: 300,
    bars: [
      { label: '1', startMs: 0, endMs: 300 },
      { label: '2', startMs: 50, endMs: 200 },
    ],
  });
});

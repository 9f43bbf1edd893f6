import type { RunResult } from '@pwt/default';
import { expect, it } from 'vitest';
import { colours } from '../format/colours.js';
import { resultLines } from './result-text.js';

const result = {
  ...{ runId: 'r1', success: false, interrupted: false, durationMs: 5000, target: 'main' },
  ...{ completed: [], failed: ['1'], diagnostics: [], findings: [], snapshots: [], next: [], notRun: [] },
  tasks: [
    {
      taskId: '1',
      title: 'Drag and drop',
      status: 'failed',
      durationMs: 3200,
      reason: 'no library was found',
    },
    { taskId: '2', title: 'Keep the order', status: 'skipped', durationMs: 0, reason: 'needs task 1' },
  ],
} as unknown as RunResult;

it('says of each task what became of it: on a terminal no word is torn, and what has not begun has no time', () => {
  const plain = colours({}, false);
  expect(resultLines(result, plain).slice(0, 2)).toEqual([
    '✘ failed   1  3.2s  Drag and drop: no library was found',
    '– skipped  2        Keep the order: needs task 1',
  ]);
  expect(resultLines(result, plain, { columns: 40 }).slice(0, 2)).toEqual([
    '✘ failed   1  3.2s  Drag and drop: no',
    '           library was found',
  ]);
});

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

it('says where worktrees are kept: on another machine in one line for each folder', () => {
  const kept = (taskId: string, worktree: string, machine?: string) => ({
    ...{ taskId, title: taskId, status: 'failed', durationMs: 1, worktree },
    ...(machine === undefined ? {} : { machine }),
  });
  const tasks = [
    kept('1', '/app-wt1'),
    kept('2', '/state/worktrees/app/r1/2', 'w1'),
    kept('3', '/state/worktrees/app/r1/3', 'w2'),
    kept('4', '/state/worktrees/app/r1/4', 'w1'),
    kept('5', '/app-wt5'),
    { ...kept('6', '/state/worktrees/app/r1/6', 'w1'), status: 'landed' },
  ];
  const lines = resultLines({ ...result, tasks } as RunResult, colours({}, false));
  expect(lines.slice(lines.findIndex((line) => line.includes('kept')))).toEqual([
    '1 is kept in /app-wt1',
    '5 is kept in /app-wt5',
    '2 and 4 are kept below /state/worktrees/app/r1 on w1',
    '3 is kept in /state/worktrees/app/r1/3 on w2',
  ]);
});

import { expect, it } from 'vitest';
import { partsText } from './gate-text.js';

it('tells each command of a gate that has several', () => {
  expect(partsText({ status: 'green', durationMs: 2000 })).toBe('');
  const parts = [
    { name: 'lint', status: 'red', durationMs: 1000, exitCode: 1, summary: 'no', logFile: '/l' },
    { name: 'unit', status: 'skipped', durationMs: 0, logFile: '/u' },
  ] as const;
  expect(partsText({ status: 'red', durationMs: 1500, exitCode: 1, summary: 'no', parts })).toBe(
    ' (lint red 1.0s, unit skipped)',
  );
});

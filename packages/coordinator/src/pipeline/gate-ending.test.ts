import type { GatePart, Verdict } from '@pwt/core';
import { expect, it } from 'vitest';
import { gateEnding } from './gate-ending.js';

function part(name: string, status: GatePart['status'], more: Partial<GatePart> = {}): GatePart {
  return { name, status, durationMs: 1, logFile: `/log.${name}`, ...more };
}

const red = { status: 'red', durationMs: 1, exitCode: 2, summary: 'a\nlast line' } as const;

it.each<[Verdict, string]>([
  [red, 'the gate is red (exit code 2): last line'],
  [
    { ...red, parts: [part('lint', 'red', { exitCode: 2 }), part('unit', 'skipped')] },
    'the gate is red (lint: exit code 2): last line',
  ],
  [
    { ...red, parts: [part('lint', 'red', { exitCode: 2 }), part('unit', 'red', { exitCode: 1 })] },
    'the gate is red (lint: exit code 2, unit: exit code 1): last line',
  ],
  [{ status: 'timed-out', durationMs: 2000, summary: 'x' }, 'the gate timed out after 2.0 s: x'],
  [
    {
      status: 'timed-out',
      durationMs: 2000,
      summary: 'x',
      parts: [part('a', 'green'), part('b', 'timed-out')],
    },
    'the gate timed out after 2.0 s (b): x',
  ],
  [
    { status: 'broken', durationMs: 1, message: 'not found', parts: [part('b', 'broken')] },
    'the gate could not run (b): not found',
  ],
])('names the commands that reject a task: %j', (verdict, reason) => {
  expect(gateEnding(verdict)?.reason).toBe(reason);
});

it('lets green work through', () => {
  expect(gateEnding({ status: 'green', durationMs: 1 })).toBeUndefined();
});

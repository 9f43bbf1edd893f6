import type { GatePart, Verdict } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { gateEnding } from './endings.js';

function part(name: string, status: GatePart['status'], more: Partial<GatePart> = {}): GatePart {
  return { name, status, durationMs: 1000, logFile: `/log.${name}`, ...more };
}

const red = { status: 'red', durationMs: 1, exitCode: 2, summary: 'a\nlast line' } as const;
const lint = part('lint', 'red', { exitCode: 2, summary: 'last line' });

describe('how a task ends that is at fault', () => {
  it.each<[string, Verdict, string]>([
    ['one command', red, 'the gate is red (exit code 2): last line'],
    ['one that prints nothing', { ...red, summary: '' }, 'the gate is red (exit code 2)'],
    [
      'the first of several',
      { ...red, parts: [lint, part('unit', 'skipped')] },
      "the gate's command lint is red (exit code 2): last line; log: /log.lint",
    ],
    [
      'one that takes too long',
      {
        status: 'timed-out',
        durationMs: 9,
        summary: '',
        parts: [part('unit', 'timed-out', { summary: 'x' })],
      },
      "the gate's command unit timed out after 1.0 s: x; log: /log.unit",
    ],
    [
      'one that could not run',
      { status: 'broken', durationMs: 1, message: 'y', parts: [part('unit', 'broken', { summary: 'x' })] },
      "the gate's command unit could not run: x; log: /log.unit",
    ],
  ])('names the command: %s', (_, verdict, reason) => {
    expect(gateEnding({ task: makeTask('1'), verdict }).reason).toBe(reason);
  });

  it('goes by the command that counts, where another one is not green on the base either', () => {
    const unit = part('unit', 'timed-out', { summary: 'too long' });
    const verdict: Verdict = { ...red, parts: [lint, unit] };
    expect(gateEnding({ task: makeTask('1'), verdict, excused: ['lint'] })).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^the gate's command unit timed out/),
      failure: { kind: 'gate-timed-out', message: 'too long', logFile: '/log.unit' },
    });
  });
});

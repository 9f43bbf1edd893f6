import type { AgentExit } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { agentEnding } from './agent-ending.js';

const quota = { kind: 'quota', message: 'No tokens left.' } as const;
const ending = (exit: Omit<AgentExit, 'durationMs'>) => agentEnding({ durationMs: 61_000, ...exit });

describe('the end of an agent', () => {
  it('that says it is done is none of its task', () => {
    expect(ending({ kind: 'exited', exitCode: 0 })).toBeUndefined();
  });

  it.each([
    [{ kind: 'exited', exitCode: 3 }, 'failed', 'exit code 3', 'exit-code'],
    [{ kind: 'signalled', signal: 'SIGSEGV' }, 'failed', 'killed by SIGSEGV', 'signal'],
    [{ kind: 'timed-out' }, 'timed-out', 'stopped by the time-out after 61.0 s', 'timed-out'],
    [
      { kind: 'idle-timed-out' },
      'timed-out',
      'stopped after 61.0 s because it printed nothing for too long',
      'idle-timed-out',
    ],
    [{ kind: 'stopped' }, 'cancelled', 'stopped by the user', 'stopped'],
  ] as const)('%j has a kind for programs beside its reason for people', (exit, status, reason, kind) => {
    expect(ending(exit)).toEqual({ status, reason, failure: { kind, message: reason } });
  });

  it('is of the kind that the agent itself tells, also where it was stopped for its time', () => {
    expect(ending({ kind: 'exited', exitCode: 0, failure: quota })).toEqual({
      status: 'failed',
      reason: 'quota: No tokens left.',
      failure: quota,
    });
    expect(ending({ kind: 'timed-out', failure: quota })).toEqual({
      status: 'timed-out',
      reason: 'stopped by the time-out after 61.0 s (quota: No tokens left.)',
      failure: quota,
    });
    expect(ending({ kind: 'lost' })).toMatchObject({ status: 'failed', failure: { kind: 'lost' } });
  });

  it('quotes what the agent complained of last where nothing else is known', () => {
    const complaints = ['first', 'no tool to write with'];
    expect(ending({ kind: 'timed-out', complaints })?.reason).toBe(
      'stopped by the time-out after 61.0 s; the agent said: no tool to write with',
    );
    expect(ending({ kind: 'timed-out', complaints, failure: quota })?.reason).not.toContain('first');
  });
});

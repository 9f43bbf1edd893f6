import type { EndedAttempt, TaskFailure, TaskFigures } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { continuesAtAll, isEarlyCrash, mayContinue } from './retry-policy.js';

const RETRIES = { 'gate-red': 1, conflict: 2, 'no-change': 1, 'early-crash': 1 };
const LONG: TaskFigures = { agentMs: 60_000 };
const SHORT: TaskFigures = { agentMs: 900 };

const failure = (kind: TaskFailure['kind']): TaskFailure => ({ kind, message: '' });

/** An earlier attempt that has ended so. */
function ended(kind: TaskFailure['kind'], more: Partial<EndedAttempt> = {}): EndedAttempt {
  return {
    ...{ number: 1, status: 'failed', reason: '', failure: failure(kind) },
    ...{ figures: LONG, endedAt: 0 },
    ...more,
  };
}

/** Whether another attempt follows on one that has ended so, after these. */
function follows(kind: TaskFailure['kind'], before: readonly EndedAttempt[] = [], figures = LONG): boolean {
  return mayContinue(RETRIES, { attempts: before, figures }, failure(kind));
}

describe('mayContinue', () => {
  it('allows what the policy names, and nothing else', () => {
    expect((['gate-red', 'conflict', 'no-change'] as const).map((kind) => follows(kind))).toEqual([
      true,
      true,
      true,
    ]);
    const others = ['timed-out', 'exit-code', 'crash', 'gate-timed-out', 'outside-claims', 'lost'] as const;
    expect(others.filter((kind) => follows(kind))).toEqual([]);
  });

  it('counts each kind for itself', () => {
    expect(follows('gate-red', [ended('gate-red')])).toBe(false);
    expect(follows('gate-red', [ended('conflict'), ended('no-change')])).toBe(true);
    expect(follows('conflict', [ended('conflict')])).toBe(true);
    expect(follows('conflict', [ended('conflict'), ended('gate-red'), ended('conflict')])).toBe(false);
  });

  it('does not count what no attempt could help', () => {
    const lost = ended('gate-red', { uncounted: true });
    expect(follows('gate-red', [lost, lost, lost])).toBe(true);
    expect(follows('gate-red', [lost, ended('gate-red')])).toBe(false);
  });

  it('counts from anew where the user has wanted another one', () => {
    const before = [ended('gate-red'), ended('gate-red', { number: 2, last: true })];
    expect(follows('gate-red', before)).toBe(true);
    expect(follows('gate-red', [...before, ended('gate-red', { number: 3 })])).toBe(false);
  });

  it('tries an agent once more that dies at its start, whatever it died of', () => {
    const kinds = ['crash', 'exit-code', 'signal'] as const;
    expect(kinds.map((kind) => follows(kind, [], SHORT))).toEqual([true, true, true]);
    expect(kinds.map((kind) => follows(kind, [], LONG))).toEqual([false, false, false]);
    expect(follows('signal', [ended('crash', { figures: SHORT })], SHORT)).toBe(false);
    // It has worked in between: that one was no crash at the start.
    expect(follows('crash', [ended('crash', { figures: LONG })], SHORT)).toBe(true);
  });

  it('counts an early crash against the policy for its own kind, too', () => {
    const retries = { 'exit-code': 1 };
    const task = { attempts: [], figures: SHORT };
    expect(mayContinue(retries, task, failure('exit-code'))).toBe(true);
    const second = { attempts: [ended('exit-code', { figures: SHORT })], figures: LONG };
    expect(mayContinue(retries, second, failure('exit-code'))).toBe(false);
  });

  it('allows nothing without a policy, as in runs of earlier versions, or without a failure', () => {
    const task = { attempts: [], figures: LONG };
    expect(mayContinue(undefined, task, failure('gate-red'))).toBe(false);
    expect(mayContinue(RETRIES, task, undefined)).toBe(false);
  });
});

describe('continuesAtAll', () => {
  it.each([
    [undefined, false],
    [{}, false],
    [{ 'gate-red': 0, 'early-crash': 0 }, false],
    [{ 'gate-red': 0, conflict: 1 }, true],
  ])('%j: %s', (retries, expected) => {
    expect(continuesAtAll(retries)).toBe(expected);
  });
});

describe('isEarlyCrash', () => {
  it.each([
    ['crash', 0, true],
    ['crash', 9_999, true],
    ['crash', 10_000, false],
    ['exit-code', 10, true],
    ['signal', 10, true],
    ['timed-out', 10, false],
    ['quota', 10, false],
    ['no-change', 10, false],
  ] as const)('%s after %s ms: %s', (kind, agentMs, expected) => {
    expect(isEarlyCrash(failure(kind), { agentMs })).toBe(expected);
  });

  it('is none where nobody knows how long the agent worked', () => {
    expect(isEarlyCrash(failure('crash'), {})).toBe(false);
  });
});

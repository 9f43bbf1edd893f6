import { describe, expect, it } from 'vitest';
import { pausedUntil } from './pause-policy.js';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;

/** In seconds from now. */
function pause(count: number, more: { kind?: 'quota' | 'auth'; retryAt?: number; firstMs?: number } = {}) {
  const { kind = 'quota', retryAt, firstMs } = more;
  const failure = { kind, message: '', ...(retryAt === undefined ? {} : { retryAt }) };
  const until = pausedUntil({ failure, count, now: NOW, firstMs });
  return until === undefined ? undefined : (until - NOW) / 1000;
}

describe('the pause of an agent', () => {
  it('doubles each time, up to an hour', () => {
    expect([1, 2, 3, 4, 7, 8, 1000].map((count) => pause(count))).toEqual([
      30, 60, 120, 240, 1920, 3600, 3600,
    ]);
  });

  it('begins as long as the user wants', () => {
    expect([1, 2, 3].map((count) => pause(count, { firstMs: 500 }))).toEqual([0.5, 1, 2]);
    expect([1, 2].map((count) => pause(count, { firstMs: 2 * HOUR }))).toEqual([7200, 7200]);
  });

  it('ends at the time that the agent names', () => {
    expect(pause(1, { retryAt: NOW + 5 * HOUR })).toBe(5 * 3600 + 2);
    expect(pause(1, { retryAt: NOW + 1 })).toBe(2.001);
    expect(pause(9, { retryAt: NOW + 5 * HOUR })).toBe(5 * 3600 + 2);
  });

  it('grows where the named time was of no use', () => {
    const retryAt = NOW + 1000;
    expect([1, 2, 3, 4].map((count) => pause(count, { retryAt }))).toEqual([3, 30, 60, 120]);
  });

  it.each([
    ['past', NOW - 1],
    ['now', NOW],
    ['the epoch', 0],
    ['in seconds', NOW / 1000],
    ['years away', NOW + 1000 * 24 * HOUR],
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('takes a time that is %s for none', (_name, retryAt) => {
    expect(pause(1, { retryAt })).toBe(30);
  });

  it('ends by itself twice where a login is missing, and then only when a person has put it right', () => {
    expect([1, 2, 3, 4].map((count) => pause(count, { kind: 'auth' }))).toEqual([
      30,
      60,
      undefined,
      undefined,
    ]);
    expect(pause(3, { kind: 'auth', retryAt: NOW + HOUR })).toBe(3602);
  });
});

import { describe, expect, it } from 'vitest';
import { retryAtIn } from './retry-at.js';

const SAID = Date.parse('2026-11-30T12:00:00Z');
const at = (text: string) => {
  const time = retryAtIn(text, SAID);
  return time === undefined ? undefined : new Date(time).toISOString();
};

describe('retryAtIn', () => {
  it.each([
    ["You've hit your usage limit. Try again in 2 days 3 hours 5 minutes.", '2026-12-02T15:05:00.000Z'],
    ['Rate limited, please retry in 32.5s.', '2026-11-30T12:00:32.500Z'],
    ['Your quota will reset after 3h20m15s.', '2026-11-30T15:20:15.000Z'],
    ['retry after 20 seconds', '2026-11-30T12:00:20.000Z'],
    ['{"responseHeaders":{"retry-after":"90"}}', '2026-11-30T12:01:30.000Z'],
    ['retry-after-ms: 1500', '2026-11-30T12:00:01.500Z'],
    [`Claude AI usage limit reached|${SAID / 1000 + 60}`, '2026-11-30T12:01:00.000Z'],
    ['limit resets at 2026-11-30T14:00:00Z', '2026-11-30T14:00:00.000Z'],
    ['You have hit your limit · resets 3pm (Europe/Berlin)', '2026-11-30T14:00:00.000Z'],
    ['Limit reached, try again at 7:30 AM (America/New_York)', '2026-11-30T12:30:00.000Z'],
    ['resets 1pm (Europe/Berlin)', '2026-12-01T12:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it.each([
    'HTTP 429 Too Many Requests',
    'retry 3 of 10',
    'Try again later',
    'try again in 900 days',
    'limit resets at 2020-01-01T00:00:00Z',
    'resets 3pm (No/Such_Zone)',
    '',
  ])('believes nothing that is not said: %j', (text) => {
    expect(at(text)).toBeUndefined();
  });
});

import { ManualClock } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { RefusedJobs } from './refused-jobs.js';

const HOUR = 60 * 60_000;

it('counts what was refused, and names the last ones, each once', () => {
  const refused = new RefusedJobs(new ManualClock());
  expect(refused.recent).toBeUndefined();
  for (const what of ['a', 'b', 'a', 'c', 'd', 'e', 'f']) refused.add(what);
  expect(refused.recent).toEqual({ count: 7, last: ['a', 'c', 'd', 'e', 'f'] });
});

it('says little of each, however much was asked', () => {
  const refused = new RefusedJobs(new ManualClock());
  refused.add('x'.repeat(5000));
  expect(refused.recent?.last[0]).toHaveLength(300);
});

it('forgets them after an hour, and counts anew', () => {
  const clock = new ManualClock();
  const refused = new RefusedJobs(clock);
  refused.add('a');
  clock.advance(HOUR / 2);
  refused.add('b');
  clock.advance(HOUR / 2);
  expect(refused.recent).toEqual({ count: 2, last: ['b'] });
  clock.advance(HOUR / 2);
  expect(refused.recent).toBeUndefined();
  refused.add('c');
  expect(refused.recent).toEqual({ count: 1, last: ['c'] });
});

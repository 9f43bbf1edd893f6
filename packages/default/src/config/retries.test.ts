import { describe, expect, it } from 'vitest';
import { configValues } from './config-values.js';
import { retriesOf } from './retries.js';
import { runOptions } from './run-options.js';

describe('retriesOf', () => {
  it.each([
    [0, { 'gate-red': 0, conflict: 0, 'no-change': 0, 'early-crash': 0 }],
    [1, { 'gate-red': 1, conflict: 1, 'no-change': 1, 'early-crash': 1 }],
    // An agent that dies at its start twice will die again.
    [3, { 'gate-red': 3, conflict: 3, 'no-change': 3, 'early-crash': 1 }],
  ])('%s: so many for each kind that is tried again by default', (written, expected) => {
    expect(retriesOf(written)).toEqual(expected);
  });

  it('sets the kinds that are named, and leaves the others', () => {
    expect(retriesOf({ conflict: 3, 'timed-out': 1, 'gate-red': 0 })).toEqual({
      'gate-red': 0,
      conflict: 3,
      'no-change': 1,
      'early-crash': 1,
      'timed-out': 1,
    });
    expect(retriesOf({ 'early-crash': 5 })).toMatchObject({ 'early-crash': 5 });
    expect(retriesOf({})).toEqual(retriesOf(1));
  });

  it('is what a run gets that nobody has told anything', () => {
    expect(runOptions(configValues('/project', {})).retries).toEqual(retriesOf(1));
    expect(runOptions(configValues('/project', { retries: 0 })).retries).toEqual(retriesOf(0));
  });
});

import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.js';

describe('the nearest names', () => {
  it('are those that are alike, the nearest first', () => {
    const ids = ['T001', 'T010', 'T017', 'T0171', 'add-login', 'other'];
    expect(nearest(['T01'], ids)).toEqual(['T001', 'T010', 'T017']);
    expect(nearest(['ad-logn'], ids)).toEqual(['add-login']);
    expect(nearest(['zzz'], ids)).toEqual([]);
  });
});

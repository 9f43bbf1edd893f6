import { describe, expect, it } from 'vitest';
import { type ClaimClass, type ClaimMode, type Confidence, claimRelation } from './claim.js';

const modes: ClaimMode[] = ['read', 'write', 'create', 'delete', 'rename'];
const classes: ClaimClass[] = ['exclusive', 'append', 'regenerate'];
const confidences: Confidence[] = ['declared', 'inferred', 'possible'];
const all = modes.flatMap((mode) =>
  classes.flatMap((type) => confidences.map((confidence) => ({ mode, class: type, confidence }))),
);

describe('claimRelation', () => {
  it('is symmetric for all combinations', () => {
    for (const a of all) for (const b of all) expect(claimRelation(a, b)).toBe(claimRelation(b, a));
  });

  it('lets readers read together and never lets a reader block by itself', () => {
    for (const a of all.filter((claim) => claim.mode === 'read')) {
      for (const b of all) expect(claimRelation(a, b)).toBe(b.mode === 'read' ? 'compatible' : 'possible');
    }
  });

  it('joins appenders with appenders and regenerators with regenerators, but not with a deletion', () => {
    const claim = (mode: ClaimMode, type: ClaimClass) =>
      ({ mode, class: type, confidence: 'declared' }) as const;
    expect(claimRelation(claim('write', 'append'), claim('create', 'append'))).toBe('compatible');
    expect(claimRelation(claim('write', 'regenerate'), claim('write', 'regenerate'))).toBe('compatible');
    expect(claimRelation(claim('write', 'append'), claim('write', 'regenerate'))).toBe('conflict');
    expect(claimRelation(claim('write', 'append'), claim('delete', 'append'))).toBe('conflict');
    expect(claimRelation(claim('write', 'append'), claim('write', 'exclusive'))).toBe('conflict');
  });

  it('calls what is only possible possible', () => {
    const sure = { mode: 'write', class: 'exclusive', confidence: 'declared' } as const;
    expect(claimRelation(sure, sure)).toBe('conflict');
    expect(claimRelation(sure, { ...sure, confidence: 'inferred' })).toBe('conflict');
    expect(claimRelation(sure, { ...sure, confidence: 'possible' })).toBe('possible');
  });
});

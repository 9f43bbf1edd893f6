import { describe, expect, it } from 'vitest';
import { dependencyProblems, sizeProblems } from './readme-figures.mjs';

describe('sizeProblems', () => {
  const readme = '# x\n\nPure (100 kB minified, 5 kB gzipped).';

  it('accepts a tenth more or less, and one kB for what is small', () => {
    expect(sizeProblems(readme, { bytes: 110_000, gzipBytes: 6000 })).toEqual([]);
    expect(sizeProblems(readme, { bytes: 90_000, gzipBytes: 4000 })).toEqual([]);
  });

  it('says what the README should say', () => {
    expect(sizeProblems(readme, { bytes: 111_000, gzipBytes: 5000 })).toEqual([
      'the README says 100 kB minified, 5 kB gzipped, and it is 111 kB minified, 5 kB gzipped',
    ]);
    expect(sizeProblems(readme, { bytes: 100_000, gzipBytes: 6100 })).toHaveLength(1);
    expect(sizeProblems('# x', { bytes: 2000, gzipBytes: 1000 })).toEqual([
      'the README does not say: 2 kB minified, 1 kB gzipped',
    ]);
  });
});

describe('dependencyProblems', () => {
  it('accepts the same names in any order', () => {
    expect(dependencyProblems('Small. Pulls in `yaml` and `@pwt/core`.', ['@pwt/core', 'yaml'])).toEqual([]);
    expect(dependencyProblems('Pulls in nothing.', [])).toEqual([]);
  });

  it('says what the README should say', () => {
    const problem = ['the README does not say: Pulls in `@pwt/core`, `tsyringe`.'];
    expect(dependencyProblems('Pulls in `@pwt/core`.', ['tsyringe', '@pwt/core'])).toEqual(problem);
    expect(dependencyProblems('# x', ['@pwt/core', 'tsyringe'])).toEqual(problem);
    expect(dependencyProblems('# x', [])).toEqual(['the README does not say: Pulls in nothing.']);
  });
});

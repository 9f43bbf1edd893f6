import { describe, expect, it } from 'vitest';
import { ratesOf } from './counts.mjs';
import { countFiles } from './files.mjs';
import { pairScores, predictPairs } from './pairs.mjs';
import { expandPredictions, predictedPatterns } from './predictions.mjs';

/** @param {Partial<import('@pwt/core').Claim>} claim */
function claim(claim) {
  return /** @type {import('@pwt/core').Claim} */ ({
    pattern: 'a.ts',
    mode: 'write',
    class: 'exclusive',
    confidence: 'declared',
    rule: 'file-label',
    ...claim,
  });
}

/**
 * @param {string} id
 * @param {readonly string[]} tree
 * @param {readonly string[]} changed
 */
function task(id, tree, changed) {
  return { id, specPath: `specs/${id}.md`, text: '', tree, changed: new Set(changed) };
}

it('takes as predictions what claims say is changed', () => {
  const claims = [
    claim({ pattern: 'a.ts' }),
    claim({ pattern: 'b.ts', mode: 'delete', confidence: 'inferred' }),
    claim({ pattern: 'c.ts', mode: 'read' }),
    claim({ pattern: 'd.ts', confidence: 'possible' }),
    claim({ pattern: '**', rule: 'unknown-scope' }),
  ];
  expect(predictedPatterns(claims)).toEqual(['a.ts', 'b.ts']);
});

describe('expandPredictions', () => {
  const paths = ['src/a.ts', 'src/b.ts', 'src/b.test.ts', 'app/[id]/page.tsx'];
  const files = (/** @type {string[]} */ ...patterns) => [...expandPredictions(patterns, paths).files].sort();

  it('takes a path for itself, there or not, and an escaped one for the file that it means', () => {
    expect(files('src/a.ts', 'new.ts')).toEqual(['new.ts', 'src/a.ts']);
    expect(files('app/\\[id\\]/page.tsx')).toEqual(['app/[id]/page.tsx']);
  });

  it('takes a directory for all that is below it, with and without a slash', () => {
    expect(files('src')).toEqual(['src/a.ts', 'src/b.test.ts', 'src/b.ts']);
    expect(files('src/')).toEqual(files('src'));
  });

  it('takes a pattern for what it matches without what is subtracted, and for itself if that is nothing', () => {
    expect(files('src/*.ts', '!**/*.test.ts')).toEqual(['src/a.ts', 'src/b.ts']);
    expect(files('lib/*.ts')).toEqual(['lib/*.ts']);
  });

  it('knows which patterns may match what is not there', () => {
    const { mayMatch } = expandPredictions(['src/*.ts', 'src/x.css'], paths);
    expect(['src/new.ts', 'src/x.css', 'lib/new.ts'].map(mayMatch)).toEqual([true, false, false]);
  });
});

describe('countFiles', () => {
  it('lets patterns match new files, and counts a path that matches nothing as wrong', () => {
    const done = task('1', ['src/a.ts'], ['src/new.ts', 'other.ts']);
    const counts = countFiles(done, ['src/*.ts', 'typo.ts'], () => false);
    expect(counts).toEqual({ hits: 1, wrong: 2, missed: 1 });
  });

  it('leaves out bookkeeping and the spec', () => {
    const done = task('1', [], ['a.ts']);
    const counts = countFiles(done, ['a.ts', 'LOG.md', 'specs/1.md'], (path) => path === 'LOG.md');
    expect(counts).toEqual({ hits: 1, wrong: 0, missed: 0 });
  });
});

it('has no rate where there is nothing to count', () => {
  expect(ratesOf({ hits: 2, wrong: 1, missed: 2 })).toEqual({ precision: 2 / 3, recall: 0.5, f1: 4 / 7 });
  expect(ratesOf({ hits: 0, wrong: 0, missed: 1 })).toEqual({ precision: Number.NaN, recall: 0, f1: 0 });
});

describe('pairs', () => {
  const corpus = {
    name: 'x',
    tasks: [
      task('1', ['src/a.ts'], ['src/a.ts']),
      task('2', ['src/a.ts'], ['src/a.ts', 'src/new.ts']),
      task('3', ['src/a.ts'], ['src/new.ts']),
      task('4', ['src/a.ts'], ['README.md']),
    ],
    isBookkeeping: (/** @type {string} */ path) => path === 'LOG.md',
  };
  const patterns = [['src/a.ts', 'LOG.md'], ['src/*'], ['src/new.ts'], ['src/a.ts', 'LOG.md']];

  it('says that two tasks collide if they share a file or a pattern may match a new one', () => {
    const said = predictPairs(corpus, patterns).map(({ a, b, said }) => [a + 1, b + 1, said]);
    expect(said).toEqual([
      [1, 2, true],
      [1, 3, false],
      [1, 4, true],
      [2, 3, true],
      [2, 4, true],
      [3, 4, false],
    ]);
  });

  it('counts pairs, those of tasks that are drawn twice as often as they occur', () => {
    const pairs = predictPairs(corpus, patterns);
    const scores = pairScores(pairs, { asIs: [1, 1, 1, 1], drawn: [[0, 2, 1, 1]] });
    expect(scores.precision).toEqual({ value: 2 / 4, interval: [2 / 4, 2 / 4] });
    expect(scores.recall.value).toBe(1);
    expect(scores.npv.value).toBe(1);
    expect(scores.yield).toEqual({ value: 2 / 4, interval: [1 / 3, 1 / 3] });
  });
});

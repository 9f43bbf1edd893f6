import { ScopeIndex } from '@pwt/scope';
import { Minimatch } from 'minimatch';
import { timeMs } from '../../lib/measure.mjs';
import { projectPaths, specPatterns } from '../../lib/project.mjs';

/**
 * All pairs of tasks with a path in common: every pattern against every other with minimatch, beside the index.
 *
 * @returns {Promise<import('../../lib/table.mjs').Table>}
 */
export async function againstNaive() {
  const rows = [];
  indexed(specPatterns({ specs: 250, patternsPerSpec: 8, paths: projectPaths(2_500) })); // compiles the code
  for (const specs of [250, 500, 1_000, 2_000]) {
    const patterns = specPatterns({ specs, patternsPerSpec: 8, paths: projectPaths(specs * 10) });
    let naivePairs = 0;
    let indexPairs = 0;
    const naiveMs = timeMs(() => {
      naivePairs = pairwise(patterns);
    });
    const indexMs = timeMs(() => {
      indexPairs = indexed(patterns);
    });
    rows.push({
      specs,
      'naive pairwise minimatch': naiveMs,
      '@pwt/scope': indexMs,
      faster: naiveMs / indexMs,
      'pairs found naively': naivePairs,
      'pairs found': indexPairs,
    });
  }
  return {
    title: 'All pairs of tasks that overlap, 8 patterns each',
    columns: {
      specs: 'count',
      'naive pairwise minimatch': 'ms',
      '@pwt/scope': 'ms',
      faster: 'ratio',
      'pairs found naively': 'count',
      'pairs found': 'count',
    },
    rows,
    note: 'Naive: one pattern taken as a path for the other, both ways, each compiled once; it stops at the first hit of a pair and cannot see that two globs meet. Parsing counts on both sides. The index is exact.',
  };
}

/**
 * @param {readonly (readonly string[])[]} patterns
 * @returns {number} how many pairs of tasks conflict
 */
function pairwise(patterns) {
  const matchers = patterns.map((own) =>
    own.map((text) => ({ text, matcher: new Minimatch(text, { dot: true }) })),
  );
  let pairs = 0;
  for (const [at, mine] of matchers.entries()) {
    for (const theirs of matchers.slice(at + 1)) {
      const meet = mine.some((a) => theirs.some((b) => a.matcher.match(b.text) || b.matcher.match(a.text)));
      if (meet) pairs += 1;
    }
  }
  return pairs;
}

/**
 * @param {readonly (readonly string[])[]} patterns
 * @returns {number}
 */
function indexed(patterns) {
  /** @type {ScopeIndex<number>} */
  const index = new ScopeIndex();
  let pairs = 0;
  for (const [at, own] of patterns.entries()) {
    const others = own.flatMap((pattern) => index.overlapping(pattern).flatMap(({ owners }) => [...owners]));
    pairs += new Set(others).size;
    for (const pattern of own) index.add(pattern, at);
  }
  return pairs;
}

import { describe, expect, it } from 'vitest';
import {
  collision,
  directoryConflict,
  LIMITS,
  matches,
  overlap,
  ScopeIndex,
  tryParsePattern,
} from '../src/index.js';
import { overlapLists } from '../src/overlap.js';
import { toPatternList } from '../src/parse.js';
import { random } from './universe.js';

const PROVE = process.env.PWT_PROVE === '1';
/** Ten times what the worst pair below takes on a slow machine; the real bound is the count of steps. */
const SLOWEST_MS = 5000;

/** The processor time that this process has used: a busy machine makes it no longer. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Four per pair of characters beside wildcards, and one per pair of segments and of alternatives. */
const MOST_STEPS = 4 * (2 * 1024) ** 2 + 2 * 2304 ** 2 + 256 ** 2;

const wildAlternatives = `{${Array.from({ length: 100 }, (_, at) => `*[!${at % 10}]????*b?`).join(',')}}`;
const HOSTILE = [
  '*'.repeat(4000),
  `${'*a'.repeat(127)}x`,
  Array(4)
    .fill(`${'*a?b'.repeat(60)}y`)
    .join('/**/'),
  `${'**/a/'.repeat(127)}x`,
  `${'**/?/'.repeat(127)}x`,
  `{${Array(8)
    .fill(`${'**/a?/'.repeat(40)}x`)
    .join(',')}}`,
  `{${Array(8)
    .fill(`${'**/?b/'.repeat(40)}x`)
    .join(',')}}`,
  wildAlternatives,
  wildAlternatives.replaceAll('b?', '?c'),
  '{a,b}'.repeat(8),
  `${'[!a]'.repeat(250)}*`,
  `${'[a-z]*'.repeat(80)}`,
  `{${Array.from({ length: 256 }, (_, at) => at).join(',')}}`,
];

const REFUSED = [
  'x'.repeat(5_000_000),
  '{a,b}'.repeat(40),
  '{'.repeat(2000) + '}'.repeat(2000),
  '{'.repeat(4000),
  '['.repeat(4000),
  `{${Array.from({ length: 10_000 }, (_, at) => at.toString(36)).join(',')}}`,
  `{${'a,'.repeat(2000)}}`,
  '*a'.repeat(2000),
  '?'.repeat(300),
  'a/'.repeat(2000),
  '!'.repeat(5000),
];

describe('hostile patterns', () => {
  it('are refused', () => {
    for (const text of REFUSED) {
      const result = tryParsePattern(text);
      expect([text.slice(0, 20), result.ok]).toEqual([text.slice(0, 20), false]);
    }
  });

  it('are accepted up to the limit and not beyond', () => {
    const braces = (count: number) => `{${Array.from({ length: count }, (_, at) => at).join(',')}}`;
    const code = (text: string) => {
      const result = tryParsePattern(text);
      return result.ok ? 'accepted' : result.error.code;
    };
    for (const [inside, beyond] of [
      [braces(LIMITS.alternatives), braces(LIMITS.alternatives + 1)],
      ['x'.repeat(LIMITS.nameLength), 'x'.repeat(LIMITS.nameLength + 1)],
      [`${'a/'.repeat(LIMITS.depth - 1)}x`, `${'a/'.repeat(LIMITS.depth)}x`],
      [`${'{'.repeat(LIMITS.braceDepth)}${'}'.repeat(LIMITS.braceDepth)}`, '{'.repeat(17) + '}'.repeat(17)],
      ['a*/'.repeat(LIMITS.depth - 2), `{${Array(3).fill('a*/'.repeat(200)).join(',')}}`],
    ] as const) {
      expect([code(inside), code(beyond)]).toEqual(['accepted', 'PWT_PATTERN_TOO_LARGE']);
    }
  });

  it('or are answered within a bounded number of steps', () => {
    let [worst, slowest] = [0, 0];
    for (const [at, a] of HOSTILE.entries()) {
      for (const b of PROVE ? HOSTILE : HOSTILE.slice(at, at + 2)) {
        const work = { steps: 0 };
        const start = cpuMs();
        overlapLists(toPatternList(a), toPatternList(b), work);
        worst = Math.max(worst, work.steps);
        slowest = Math.max(slowest, cpuMs() - start);
      }
    }
    if (PROVE) console.log(`hostile pairs: at most ${worst} steps, ${slowest.toFixed(0)} ms`);
    expect(worst).toBeLessThan(MOST_STEPS);
    expect(worst).toBeGreaterThan(100_000);
    expect(slowest).toBeLessThan(SLOWEST_MS);
  });

  it('bounds the search behind a subtraction', () => {
    const work = { steps: 0 };
    const [a, b] = [
      toPatternList(['*', '!*a?????????????????*', '!*b???????????']),
      toPatternList('*a?????????????????'),
    ];
    expect(() => overlapLists(a, b, work)).toThrow(
      expect.objectContaining({ code: 'PWT_PATTERN_TOO_COMPLEX' }),
    );
    expect(work.steps).toBeLessThan(2_100_000);
  });

  it('are survived as random text', () => {
    const below = random(11);
    const parts = [
      '*',
      '**',
      '/',
      '?',
      '[',
      ']',
      '!',
      '^',
      '{',
      ',',
      '}',
      '\\',
      'a',
      'b',
      '-',
      '.',
      '(',
      '\0',
      '🎉',
    ];
    const index = new ScopeIndex<number>();
    let [accepted, slowest] = [0, 0];
    let previous = '**';
    for (let count = 0; count < (PROVE ? 50_000 : 3000); count++) {
      const length = below(10) === 0 ? below(3000) : below(12);
      const text = Array.from({ length }, () => parts[below(parts.length)]).join('');
      const start = cpuMs();
      const result = tryParsePattern(text);
      if (result.ok && !result.pattern.negated) {
        accepted++;
        matches(text, 'a/b/.a-b');
        overlap(text, previous);
        directoryConflict(text, previous);
        collision(text, previous);
        index.add(text, count);
        if (count % 10 === 0) index.overlapping(text);
        previous = text;
      }
      slowest = Math.max(slowest, cpuMs() - start);
    }
    if (PROVE) console.log(`random text: ${accepted} accepted, at most ${slowest.toFixed(0)} ms each`);
    expect(accepted).toBeGreaterThan(300);
    expect(slowest).toBeLessThan(SLOWEST_MS);
  });
});

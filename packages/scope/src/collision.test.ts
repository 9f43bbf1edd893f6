import { describe, expect, it } from 'vitest';
import { namesOver, pathsOver } from '../test/universe.js';
import { foldPath } from './fold.js';
import { collision, directoryConflict, matches, overlap } from './index.js';

const COMPOSED = 'caf\u00e9';
const DECOMPOSED = 'cafe\u0301';

describe('collision', () => {
  it.each([
    ['README.md', 'readme.md', 'README.md', 'readme.md'],
    ['SRC/*.ts', 'src/a.*', 'SRC/a.ts', 'src/a.ts'],
    [COMPOSED, DECOMPOSED, COMPOSED, DECOMPOSED],
    [`${COMPOSED}*`, `${DECOMPOSED}x`, `${COMPOSED}x`, `${DECOMPOSED}x`],
    [`**/${DECOMPOSED}/*`, `a/CAF\u00c9/b`, `a/${DECOMPOSED}/b`, 'a/CAF\u00c9/b'],
    ['[A-Z]x', 'bx', 'Bx', 'bx'],
    ['[!a]', 'a', 'A', 'a'],
    ['\u03c3', '\u03c2', '\u03c3', '\u03c2'],
    ['Foo', 'foo/x', 'Foo', 'foo/x'],
    ['foo/x', 'Foo', 'foo/x', 'Foo'],
    ['\u0130', 'I\u0307', '\u0130', 'I\u0307'],
    ['\u1112\u1161\u11ab', '\ud55c', '\u1112\u1161\u11ab', '\ud55c'],
  ])('of %j and %j', (a, b, left, right) => {
    expect(collision(a, b)).toEqual({ a: left, b: right });
  });

  it('is null for an overlap, a plain conflict, and for paths that stay apart', () => {
    for (const [a, b] of [
      ['a*', 'A*'],
      ['A', 'A'],
      ['foo', 'foo/bar'],
      ['a.ts', 'b.ts'],
      ['stra\u00dfe', 'strasse'],
    ] as const) {
      const expected = a === 'a*' ? { a: 'a', b: 'A' } : null;
      expect(collision(a, b)).toEqual(expected);
    }
    expect(collision(['A', '!A'], 'a')).toBeNull();
  });

  it('agrees with every pair of paths of a small universe', () => {
    const universe = pathsOver(
      namesOver('aAb', 2).filter((name) => name !== 'bb'),
      2,
    );
    const texts = ['a', 'A', '*A', 'a*', '?', '[!a]', 'ab', '*/A', 'A/*', '**/aB', '**/ab', '[A-B]/b', 'a/B'];
    const wrong: string[] = [];
    for (const first of texts) {
      for (const second of texts) {
        if (overlap(first, second) || directoryConflict(first, second)) continue;
        const [left, right] = [first, second].map((text) => universe.filter((path) => matches(text, path)));
        const folded = new Set(left?.map(foldPath));
        const same = right?.some((path) => folded.has(foldPath(path)));
        const found = collision(first, second);
        if (same && !found) wrong.push(`missed ${first} | ${second}`);
        if (found && !(matches(first, found.a) && matches(second, found.b)))
          wrong.push(`${first} | ${second}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

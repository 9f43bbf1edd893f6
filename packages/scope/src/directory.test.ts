import { describe, expect, it } from 'vitest';
import { bitsOf, pathsOver } from '../test/universe.js';
import { directoryConflict, matches } from './index.js';

describe('directoryConflict', () => {
  it.each([
    ['foo', 'foo/bar', 'a', 'foo', 'foo/bar'],
    ['foo/bar', 'foo', 'b', 'foo', 'foo/bar'],
    ['foo', 'foo/', 'a', 'foo', 'foo/a'],
    ['src/*', 'src/api/x.ts', 'a', 'src/api', 'src/api/x.ts'],
    ['a/**/b', 'a/*/y/*.c', 'a', 'a/b', 'a/b/y/.c'],
    ['a/**/b', 'a/x/*.c', 'b', 'a/x/.c', 'a/x/.c/b'],
  ])('of %j and %j', (a, b, fileSide, file, below) => {
    expect(directoryConflict(a, b)).toEqual({ fileSide, file, below });
  });

  it('is null where both can exist', () => {
    for (const [a, b] of [
      ['foo', 'foobar/x'],
      ['a/b', 'a/c'],
      ['*.md', 'src/x.ts'],
      ['a', 'a'],
    ] as const) {
      expect(directoryConflict(a, b)).toBeNull();
    }
  });

  it('respects subtraction', () => {
    expect(directoryConflict(['foo', '!foo'], 'foo/bar')).toBeNull();
    expect(directoryConflict('foo', ['foo/*', '!foo/a'])).toBeNull();
  });

  it('agrees with every pair of paths of a small universe', () => {
    const universe = pathsOver(['a', 'b'], 5);
    const parents = universe.map((path) =>
      universe.flatMap((file, at) => (path.startsWith(`${file}/`) ? [at] : [])),
    );
    const names = ['a', 'b', '*', '**', '[ab]'];
    const texts = names.flatMap((x) => [x, ...names.flatMap((y) => [`${x}/${y}`, `${x}/a/${y}`])]);
    const bits = texts.map((text) => bitsOf(universe, (path) => matches(text, path)));
    const has = (pattern: number, path: number) => ((bits[pattern]?.[path >> 5] ?? 0) >>> (path & 31)) & 1;
    const wrong: string[] = [];
    for (const [a, first] of texts.entries()) {
      for (const [b, second] of texts.entries()) {
        const expected = parents.some((files, path) =>
          files.some((file) => (has(a, file) && has(b, path)) || (has(b, file) && has(a, path))),
        );
        const found = directoryConflict(first, second);
        const [files, others] = found?.fileSide === 'a' ? [first, second] : [second, first];
        const proved =
          found &&
          matches(files, found.file) &&
          matches(others, found.below) &&
          found.below.startsWith(`${found.file}/`);
        if (expected !== (found !== null) || (found && !proved)) wrong.push(`${first} | ${second}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

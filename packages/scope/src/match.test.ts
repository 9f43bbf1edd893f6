import { minimatch } from 'minimatch';
import { describe, expect, it } from 'vitest';
import { matches } from './index.js';

const REFERENCE = { dot: true, nonegate: true, nocomment: true };

describe('matches', () => {
  it.each([
    ['src/a.ts', ['src/a.ts'], ['src/b.ts', 'src/a.ts/b', 'src']],
    ['*', ['a', '.a', '...'], ['a/b']],
    ['*.ts', ['a.ts', '.ts'], ['src/a.ts', 'a.tsx']],
    ['a/**', ['a/b', 'a/b/c', 'a/.b'], ['a', 'ab/c']],
    ['**', ['a', 'a/b', '.a/.b'], []],
    ['**/a', ['a', 'x/a', 'x/y/a'], ['xa', 'a/x']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/x', 'a/b/x']],
    ['a/**/b/**/c', ['a/b/c', 'a/x/b/y/c', 'a/b/b/c'], ['a/c', 'a/b/c/d']],
    ['a/**/*b/*c', ['a/xb/c', 'a/b/b/b/xc'], ['a/c/b']],
    ['a**b', ['ab', 'axxb'], ['a/b', 'ax/b']],
    ['***', ['a'], ['a/b']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
    ['[!a-c]x', ['dx', '.x'], ['ax', 'x']],
    ['[^a]', ['b', '^'], ['a']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a-]', ['a', '-'], ['b']],
    ['[\\]]', [']'], ['\\']],
    ['[[:digit:][:upper:]]', ['7', 'Q'], ['q']],
    ['[🎉-🎊]', ['🎊'], ['🎀']],
    ['{a,b}/{c,d}', ['a/c', 'b/d'], ['a/b']],
    ['{a/b,c}/d', ['a/b/d', 'c/d'], ['a/d']],
    ['a{,/b}', ['a', 'a/b'], ['a/']],
    ['{a,{b,c}}x', ['ax', 'bx', 'cx'], ['{b']],
    ['{a}', ['{a}'], ['a']],
    ['{a\\,b,c}', ['a,b', 'c'], ['a']],
    ['a,b', ['a,b'], ['a']],
    ['\\*', ['*'], ['a']],
    ['\\!a', ['!a'], ['a']],
    ['#a', ['#a'], ['a']],
    [']', [']'], ['a']],
    ['*a*b*', ['ab', 'xaxbx', 'aab'], ['ba', 'a']],
    ['*ab*ab', ['abab', 'ababab'], ['ab', 'aba']],
    ['a//b', ['a/b'], ['ab']],
    ['?', ['🎉'], ['🎉🎉']],
    ['a?c', ['abc'], ['ac', 'abbc']],
  ])('%j as minimatch does', (pattern, yes, no) => {
    for (const path of yes) expect([path, matches(pattern, path)]).toEqual([path, true]);
    for (const path of no) expect([path, matches(pattern, path)]).toEqual([path, false]);
    const comparable = no.filter((path) => !path.endsWith('/'));
    for (const path of [...yes, ...comparable]) {
      expect([path, minimatch(path, pattern, REFERENCE)]).toEqual([path, matches(pattern, path)]);
    }
  });

  // Each row stands in docs/scope.md with its reason; a new minimatch that agrees should shorten that list.
  it.each([
    ['dir/ is everything below', 'dir/', 'dir/a', true],
    ['braces do not open within a class', '{[,],a}', ',', true],
    ['a dollar before braces is a dollar', '${a,b}', '$a', true],
    ['POSIX classes are ASCII', '[[:alpha:]]', 'é', false],
    ['names `.` drop out', './a/./b', 'a/b', true],
  ])('differs from minimatch on purpose: %s', (_, pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
    expect(minimatch(path, pattern, REFERENCE)).toBe(!expected);
  });

  it('never matches . and ..', () => {
    for (const pattern of ['*', '?', '??', '.*', '[.]', '**', '*.']) {
      expect(matches(pattern, '.') || matches(pattern, '..')).toBe(false);
    }
  });

  it('subtracts in a list, wherever the ! stands', () => {
    for (const list of [
      ['src/**', '!src/gen/'],
      ['!src/gen/', 'src/**'],
    ]) {
      expect(matches(list, 'src/a.ts')).toBe(true);
      expect(matches(list, 'src/gen/a.ts')).toBe(false);
    }
    expect(matches('!a', 'b')).toBe(false);
    expect(matches([], 'b')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { overlap, parsePattern, parsePatterns } from './index.js';

describe('overlap', () => {
  it.each([
    ['src/*/handler.py', 'src/api/*.py', 'src/api/handler.py'],
    ['a', 'a', 'a'],
    ['a/**', 'a', null],
    ['a/**', 'a/', 'a/a'],
    ['**', '**', 'a'],
    ['**/x', 'a/**', 'a/x'],
    ['**/x/**', 'a/**/b', 'a/x/b'],
    ['*', '.*', '.a'],
    ['.?', '?.', null],
    ['??', '.*', '.a'],
    ['*.ts', '*.js', null],
    ['*.ts', 'a*', 'a.ts'],
    ['ab*', '*ba', 'aba'],
    ['ab*ba', 'a*a', 'abba'],
    ['ab*ba', 'ab*a', 'abba'],
    ['a*', 'ab*ba', 'abba'],
    ['.*', '*.', '.a.'],
    ['x/a*/**', 'x/*a/y', 'x/a/y'],
    ['x/a*/b', 'x/*a', null],
    ['[a-f]x', '[e-z]x', 'ex'],
    ['[!a]', '[!b]', 'c'],
    ['[.]', '*', null],
    ['{a,b}/*', 'b/{c,d}', 'b/c'],
    ['{long-name,b}/x', '{long-name,b}/*', 'b/x'],
    ['foo', 'foo/bar', null],
    ['README.md', 'readme.md', null],
    ['*a*a*a*', '*b*b*', null],
  ])('of %j and %j is %j', (a, b, witness) => {
    const found = overlap(a, b);
    if (a === '*a*a*a*') expect(found?.witness).toHaveLength(5);
    else expect(found?.witness ?? null).toBe(witness);
    expect(overlap(b, a)?.witness.length).toBe(found?.witness.length);
  });

  it('takes text, patterns and lists alike', () => {
    expect(overlap(parsePattern('a/*'), ['x', 'a/b'])).toEqual({ witness: 'a/b' });
    expect(overlap(parsePatterns(['a/*']), 'a/b')).toEqual({ witness: 'a/b' });
  });

  it.each([
    [['src/**', '!src/gen/'], ['src/gen/x.ts'], null],
    [['src/**', '!src/a'], ['src/?'], 5],
    [['**', '!**/*a*'], ['*'], 1],
    [['**', '!*', '!a/**'], ['a/**', '*/*'], 3],
    [['**', '!**'], ['**'], null],
    [['{a,b}', '!a'], ['{a,b}', '!b'], null],
  ])('subtracts: %j and %j', (a, b, length) => {
    expect(overlap(a, b)?.witness.length ?? null).toBe(length);
  });
});

import { hasCode } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { escapePath, matches, parsePattern, parsePatterns, tryParsePattern } from './index.js';

describe('parsePattern', () => {
  it.each([
    ['', 'PWT_PATTERN_EMPTY'],
    ['!', 'PWT_PATTERN_EMPTY'],
    ['.', 'PWT_PATTERN_EMPTY'],
    ['././.', 'PWT_PATTERN_EMPTY'],
    ['/src/a.ts', 'PWT_PATTERN_ABSOLUTE'],
    ['!/src', 'PWT_PATTERN_ABSOLUTE'],
    ['{a,}/b', 'PWT_PATTERN_ABSOLUTE'],
    ['C:\\repo\\a.ts', 'PWT_PATTERN_ABSOLUTE'],
    ['c:/repo/a.ts', 'PWT_PATTERN_ABSOLUTE'],
    ['\\\\server\\share', 'PWT_PATTERN_ABSOLUTE'],
    ['../a', 'PWT_PATTERN_OUTSIDE'],
    ['a/../../b', 'PWT_PATTERN_OUTSIDE'],
    ['a/..', 'PWT_PATTERN_OUTSIDE'],
    ['\\.\\./a', 'PWT_PATTERN_OUTSIDE'],
    ['{a,..}/b', 'PWT_PATTERN_OUTSIDE'],
    ['{.,a}./b', 'PWT_PATTERN_OUTSIDE'],
    ['a\0b', 'PWT_PATTERN_NUL'],
    ['\\\0', 'PWT_PATTERN_NUL'],
    ['a\\', 'PWT_PATTERN_ESCAPE'],
    ['?(a)', 'PWT_PATTERN_EXTGLOB'],
    ['src/*(a|b)', 'PWT_PATTERN_EXTGLOB'],
    ['+(a).ts', 'PWT_PATTERN_EXTGLOB'],
    ['@(a|b)', 'PWT_PATTERN_EXTGLOB'],
    ['!(a)', 'PWT_PATTERN_EXTGLOB'],
    ['[abc', 'PWT_PATTERN_UNBALANCED'],
    ['[]', 'PWT_PATTERN_UNBALANCED'],
    ['[!]', 'PWT_PATTERN_UNBALANCED'],
    ['{a,b', 'PWT_PATTERN_UNBALANCED'],
    ['a,b}', 'PWT_PATTERN_UNBALANCED'],
    ['{a,{b,c}', 'PWT_PATTERN_UNBALANCED'],
    ['[z-a]', 'PWT_PATTERN_CLASS'],
    ['a[/]b', 'PWT_PATTERN_CLASS'],
    ['[[:vowel:]]', 'PWT_PATTERN_CLASS'],
    ['[[:constructor:]]', 'PWT_PATTERN_CLASS'],
    ['{1..3}', 'PWT_PATTERN_BRACE'],
    ['{a..e..2}', 'PWT_PATTERN_BRACE'],
  ])('refuses %j with %s', (text, code) => {
    const result = tryParsePattern(text);
    expect(result.ok ? 'accepted' : result.error.code).toBe(code);
    expect(() => parsePattern(text)).toThrow(expect.objectContaining({ code }));
  });

  it('says what is wrong and what to write instead', () => {
    const result = tryParsePattern('src/@(a|b).ts');
    expect(result.ok ? undefined : result.error).toMatchObject({
      message: expect.stringContaining('"@(…)" at index 4'),
      hint: expect.stringContaining('{a,b}'),
    });
  });

  it('shortens a huge text in its message', () => {
    const result = tryParsePattern('x'.repeat(1_000_000));
    expect(result.ok ? '' : result.error.message.length).toBeLessThan(200);
  });

  it('gives equal texts one object', () => {
    expect(parsePattern('src/**')).toBe(parsePattern('src/**'));
  });

  it('rethrows what is not a refusal', () => {
    expect(() => tryParsePattern(undefined as unknown as string)).toThrow(TypeError);
  });

  it('splits a list into what it includes and excludes', () => {
    const { include, exclude } = parsePatterns(['src/**', '!src/gen/', parsePattern('a')]);
    expect(include.map(({ text }) => text)).toEqual(['src/**', 'a']);
    expect(exclude.map(({ text }) => text)).toEqual(['src/gen/']);
  });
});

describe('escapePath', () => {
  it.each([
    'app/[id]/page.tsx',
    'a*b?c',
    '!important',
    '{x,y}.ts',
    'back\\slash',
    'routes/@(modal)/+(x)',
    'q?(x)',
    'C:/odd',
    'new\nline',
    '#x',
    ' a ',
    '🎉.md',
  ])('makes a pattern for exactly %j', (path) => {
    const pattern = parsePattern(escapePath(path));
    expect(pattern.alternatives.map(({ literal }) => literal)).toEqual([path]);
    expect(matches(pattern, path)).toBe(true);
  });
});

it('throws errors that any copy of core recognises', () => {
  const result = tryParsePattern('/a');
  expect(hasCode(result.ok ? undefined : result.error, 'PWT_PATTERN_ABSOLUTE')).toBe(true);
});

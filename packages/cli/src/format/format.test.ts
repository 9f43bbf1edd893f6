import { describe, expect, it } from 'vitest';
import { alignColumns, oneLine, truncate } from './text.js';
import { count, formatBytes, formatDuration } from './units.js';
import { widthOf } from './width.js';

describe('format', () => {
  it.each([
    [0, '0ms'],
    [850, '850ms'],
    [4_260, '4.2s'],
    [59_999, '59.9s'],
    [185_000, '3m 05s'],
    [7_800_000, '2h 10m'],
  ])('%i ms: %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('says bytes and amounts', () => {
    expect(formatBytes(512 * 1024 ** 2)).toBe('512 MB');
    expect(formatBytes(1.5 * 1024 ** 3)).toBe('1.5 GB');
    expect([count(1, 'task'), count(0, 'task')]).toEqual(['1 task', '0 tasks']);
  });

  it('removes everything that a terminal would interpret', () => {
    expect(oneLine('a\u202eb\u2066c\u2028d')).toBe('a b c d');
    expect(oneLine('a\u001b[2Jb\r\nc\u0007\u009b31m')).toBe('a [2Jb c 31m');
  });

  it('cuts and aligns', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    expect(truncate('abc', 4)).toBe('abc');
    expect(truncate('abc', 0)).toBe('');
    expect(
      alignColumns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'cc'],
      ]),
    ).toEqual(['a    bb  c', 'aaa  b   cc']);
  });

  it.each([
    ['', 0],
    ['naïve', 5],
    ['e\u0301', 1],
    ['日本語', 6],
    ['한국', 4],
    ['🎯 MVP', 6],
    ['→ ×', 3],
  ])('gives %j %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  it('cuts and aligns by columns, not by characters', () => {
    expect(truncate('日本語', 6)).toBe('日本語');
    expect(truncate('日本語', 5)).toBe('日本…');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('👍👍', 3)).toBe('👍…');
    expect(
      alignColumns([
        ['日本', 'x'],
        ['abcde', 'y'],
      ]),
    ).toEqual(['日本   x', 'abcde  y']);
  });
});

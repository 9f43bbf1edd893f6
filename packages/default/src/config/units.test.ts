import { describe, expect, it } from 'vitest';
import { parseDuration, parseSize } from './units.js';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['0', 0],
    [1500, 1500],
  ])('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', 'soon', '-1s', '1x', '2 hours', Number.NaN, -1])('refuses %s', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('parseSize', () => {
  it.each([
    ['512MB', 512 * 1024 ** 2],
    ['5GB', 5 * 1024 ** 3],
    ['5 g', 5 * 1024 ** 3],
    ['100', 100],
    [7, 7],
  ])('%s', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });

  it.each(['', 'much', '5XB', -1])('refuses %s', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
});

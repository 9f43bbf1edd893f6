import { expect, it } from 'vitest';
import { enumerate, formatPlace } from './lists.js';

it('enumerates', () => {
  expect(enumerate([])).toBe('');
  expect(enumerate(['a'])).toBe('a');
  expect(enumerate(['a', 'b', 'c'])).toBe('a, b and c');
  expect(enumerate(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more');
});

it('names places so that editors find them', () => {
  expect(formatPlace({ path: 'a.md', line: 3 })).toBe('a.md:3');
  expect(formatPlace({ path: 'a.md' })).toBe('a.md:1');
  expect(formatPlace(undefined)).toBeUndefined();
  expect(formatPlace({ path: 'a\n\u001b[2Jb.md', line: 3 })).toBe('a [2Jb.md:3');
});

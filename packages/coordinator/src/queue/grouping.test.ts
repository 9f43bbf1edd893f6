import { expect, it } from 'vitest';
import { split } from './grouping.js';

const task = (taskId: string, meets: string[] = []) => ({ taskId, meets: new Set(meets), base: undefined });

it('splits in order', () => {
  expect(split(['1', '2', '3', '4', '5'], 2, [])).toEqual([['1', '2'], ['3', '4'], ['5']]);
});

it('keeps tasks apart that meet', () => {
  const open = [task('1', ['2']), task('2'), task('3'), task('4')];

  expect(split(['1', '2', '3', '4'], 2, open)).toEqual([
    ['1', '3'],
    ['2', '4'],
  ]);
});

it('puts tasks together that meet, where there is no room elsewhere', () => {
  const open = [task('1', ['2', '3']), task('2', ['3']), task('3')];

  expect(split(['1', '2', '3'], 2, open)).toEqual([['1', '3'], ['2']]);
});

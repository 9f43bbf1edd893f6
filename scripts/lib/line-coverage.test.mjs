import { expect, it } from 'vitest';
import { lineCoverage, percentCovered } from './line-coverage.mjs';

const statement = (/** @type {number} */ line, column = 0) => ({ start: { line, column } });
const file = {
  path: '/a.ts',
  statementMap: { 0: statement(1), 1: statement(1, 8), 2: statement(2), 3: statement(3), 4: statement(4) },
  s: { 0: 1, 1: 0, 2: 3, 3: 0, 4: 0 },
};

it('counts a line once, as run if any statement on it ran', () => {
  const files = lineCoverage({ '/a.ts': file });
  expect(files).toEqual([{ path: '/a.ts', total: 4, missed: [3, 4] }]);
  expect(percentCovered(files)).toBe(50);
});

it('adds the statements that ran elsewhere', () => {
  const files = lineCoverage({ '/a.ts': file }, (path, { line }) => path === '/a.ts' && line === 4);
  expect(files).toEqual([{ path: '/a.ts', total: 4, missed: [3] }]);
});

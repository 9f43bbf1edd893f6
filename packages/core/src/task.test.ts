import { describe, expect, it } from 'vitest';
import { isTaskId, taskText } from './task.js';

describe('isTaskId', () => {
  it.each(['20', 'US-020', 'T001', '2.6', 'a_b-c.d', 'x'.repeat(100)])('accepts %j', (id) => {
    expect(isTaskId(id)).toBe(true);
  });

  it.each(
    [
      ['', ' ', '-rf', '.hidden', 'a..b', 'a.', 'a/b', 'a b', '$(id)', 'a\n', 'a\0', 'é'],
      ['x'.repeat(101), 'a.lock', 'A.LOCK', '..', '~', 'a:b', 'a\\b', 'a*', '@{'],
    ].flat(),
  )('refuses %j', (id) => {
    expect(isTaskId(id)).toBe(false);
  });
});

describe('taskText', () => {
  it('joins the texts with one empty line', () => {
    const spec = (text: string) => ({ path: 'p', text, hash: '0' });
    expect(taskText({ specs: [spec('one\n\n'), spec('two\n')] })).toBe('one\n\ntwo');
  });
});

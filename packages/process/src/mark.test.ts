import { describe, expect, it } from 'vitest';
import { assertMark, createMark, joinMark, marksOf } from './mark.js';

const environ = (...entries: string[]): Buffer => Buffer.from(entries.map((entry) => `${entry}\0`).join(''));

describe('marks', () => {
  it('are found wherever the variable stands', () => {
    expect(marksOf(environ('PWT_MARK=a'))).toEqual(['a']);
    expect(marksOf(environ('PATH=/bin', 'PWT_MARK=a,b', 'HOME=/'))).toEqual(['a', 'b']);
    expect(marksOf(Buffer.from('X=1\0PWT_MARK=cut'))).toEqual(['cut']);
  });

  it('are not found in other variables or values', () => {
    expect(marksOf(environ('MY_PWT_MARK=a', 'NOTE=PWT_MARK=b'))).toEqual([]);
    expect(marksOf(environ('NOTE=PWT_MARK=b', 'PWT_MARK=c'))).toEqual(['c']);
    expect(marksOf(Buffer.alloc(0))).toEqual([]);
  });

  it('nest: a run inside an agent of another run is found by both', () => {
    expect(joinMark(undefined, 'a')).toBe('a');
    expect(joinMark('', 'a')).toBe('a');
    expect(marksOf(environ(`PWT_MARK=${joinMark('a', 'b')}`))).toEqual(['a', 'b']);
  });

  it('are unique and plain', () => {
    expect(createMark()).not.toBe(createMark());
    expect(() => assertMark(createMark())).not.toThrow();
    for (const bad of ['', 'a,b', 'a b', 'a"b', 'a\0', 'x'.repeat(201)]) {
      expect(() => assertMark(bad)).toThrow(expect.objectContaining({ code: 'PWT_PROCESS_BAD_REQUEST' }));
    }
  });
});

import { describe, expect, it } from 'vitest';
import { hasCode, isPwtError, PwtError } from './error.js';

describe('PwtError', () => {
  it('is known by its brand, not by its class', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('@pwt/core/error')]: true, code: 'PWT_X' });
    expect(isPwtError(foreign)).toBe(true);
    expect(hasCode(foreign, 'PWT_X')).toBe(true);
    expect(isPwtError(new Error('x'))).toBe(false);
    expect(isPwtError(null)).toBe(false);
    expect(hasCode(new PwtError('PWT_A', 'x'), 'PWT_B')).toBe(false);
  });

  it('becomes JSON with what a program needs, and hides its brand', () => {
    const cause = new Error('why');
    const error = new PwtError('PWT_X', 'what', {
      hint: 'do',
      place: { path: 'f', line: 3 },
      data: { a: 1 },
      cause,
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'PWT_X',
      message: 'what',
      hint: 'do',
      place: { path: 'f', line: 3 },
      data: { a: 1 },
    });
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(new PwtError('PWT_X', 'what'))).toBe('{"code":"PWT_X","message":"what"}');
  });
});

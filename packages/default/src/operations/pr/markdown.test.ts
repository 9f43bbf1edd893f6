import { describe, expect, it } from 'vitest';
import { code, fenced, oneLine } from './markdown.js';

describe('others’ text in markdown', () => {
  it.each(['', '`', '```', '``` x ````` y', 'a\n```\nb'])('can not end its block: %j', (text) => {
    const [first = '', ...rest] = fenced(text).split('\n');
    const inner = rest.slice(0, -1).join('\n');
    expect(rest.at(-1)).toBe(first);
    expect(inner).not.toContain(first);
  });

  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`x`', '`` `x` ``'],
    ['', '` `'],
    ['two\nlines', '`two lines`'],
  ])('is code on one line: %j', (text, expected) => expect(code(text)).toBe(expected));

  it('has no control characters and no direction of its own', () => {
    expect(oneLine('a\u001b[31mb\u202ec\r\nd')).toBe('a[31mbc d');
  });
});

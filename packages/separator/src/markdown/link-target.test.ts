import { describe, expect, it } from 'vitest';
import { decodeTarget, rebase } from './link-target.js';

describe('rebase', () => {
  it.each([
    ['../../src/a.ts', 'docs/specs', 'src/a.ts'],
    ['./a.md', 'docs', 'docs/a.md'],
    ['../a.md', 'docs', 'a.md'],
    ['/src/a.ts', 'docs', 'src/a.ts'],
    ['src/a.ts', 'docs', 'src/a.ts'],
    ['../a.md', '', '../a.md'],
    ['../../../etc/passwd', 'docs/specs', '../../../etc/passwd'],
    ['//host/a', 'docs', '//host/a'],
  ])('%s in %s is %s', (target, folder, path) => {
    expect(rebase(target, folder)).toBe(path);
  });
});

it('decodeTarget takes percent-encoding out, but no stray percent sign', () => {
  expect(decodeTarget('my%20file.md')).toBe('my file.md');
  expect(decodeTarget('100%.md')).toBe('100%.md');
});

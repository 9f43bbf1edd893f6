import { describe, expect, it } from 'vitest';
import { withoutOwnTrailers, withTrailers } from './message.js';

describe('withTrailers', () => {
  const seven = { kind: 'tasks', taskIds: ['7'] } as const;

  it('starts a block, joins one, and never repeats itself', () => {
    expect(withTrailers('subject', seven)).toBe('subject\n\nPwt-Task: 7\n');
    expect(withTrailers('subject\n\nbody\n', seven)).toBe('subject\n\nbody\n\nPwt-Task: 7\n');
    expect(withTrailers('subject\n\nFixes: x\n', seven)).toBe('subject\n\nFixes: x\nPwt-Task: 7\n');
    expect(withTrailers('subject\n\nPwt-Task: 7\n', seven)).toBe('subject\n\nPwt-Task: 7\n');
    expect(withTrailers('fix: it', seven)).toBe('fix: it\n\nPwt-Task: 7\n');
    expect(withTrailers('subject', { kind: 'target' })).toBe('subject\n');
    expect(withTrailers('subject', { kind: 'tasks', taskIds: ['target', '7'] })).toBe(
      'subject\n\nPwt-Task: target\nPwt-Task: 7\n',
    );
  });

  it('adds more trailers to the same block', () => {
    expect(withTrailers('subject', seven, ['Pwt-Spec: a.md', 'Pwt-Gate: 12ab'])).toBe(
      'subject\n\nPwt-Task: 7\nPwt-Spec: a.md\nPwt-Gate: 12ab\n',
    );
  });
});

it('takes the trailers of pwt out of a message that an agent wrote', () => {
  const message = 'subject\n\nbody\n\nFixes: x\nPwt-Task: 99\npwt-gate: 0\n';
  expect(withoutOwnTrailers(message)).toBe('subject\n\nbody\n\nFixes: x');
});

import { PassThrough } from 'node:stream';
import { PwtError } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { printable } from './format/printable.js';
import type { Io } from './io.js';
import { reportError } from './report-error.js';

function report(error: unknown, json: boolean, env: Io['env'] = {}): string {
  const stderr = new PassThrough();
  const io: Io = {
    cwd: '/',
    env,
    stdout: new PassThrough(),
    stderr,
    stdin: new PassThrough(),
    onSignal: () => () => undefined,
  };
  reportError(io, error, json);
  return printable(String(stderr.read()));
}

const error = new PwtError('PWT_X', 'It broke.', { hint: 'Mend it.', place: { path: 'a.md', line: 3 } });

describe('reportError', () => {
  it('says what, where and what next', () => {
    expect(report(error, false)).toBe('PWT_X: It broke.\n  at a.md:3\n  Mend it.\n');
  });

  it('says the same to programs', () => {
    expect(JSON.parse(report(error, true))).toEqual({
      schemaVersion: 1,
      type: 'error',
      error: { code: 'PWT_X', message: 'It broke.', hint: 'Mend it.', place: { file: 'a.md', line: 3 } },
    });
  });

  it('colours only where colours are wanted', () => {
    expect(report(error, false, { FORCE_COLOR: '1' })).toContain('\u001b[31mPWT_X');
    expect(report(error, false, { FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain('\u001b[');
  });

  it('owns up to a mistake of its own', () => {
    expect(report(new TypeError('oops'), false)).toMatch(/^PWT_INTERNAL: .*\nTypeError: oops\n/);
    expect(JSON.parse(report('text', true))).toMatchObject({
      error: { code: 'PWT_INTERNAL', message: 'text' },
    });
  });
});

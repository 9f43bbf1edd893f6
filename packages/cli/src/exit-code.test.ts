import { PwtError, type PwtErrorCode } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodeOfResult } from './exit-code.js';

describe('exitCodeOf', () => {
  it.each<[PwtErrorCode, number]>([
    ['PWT_USAGE', 2],
    ['PWT_CONFIG_INVALID', 2],
    ['PWT_PLUGIN_CLASH', 2],
    ['PWT_AGENT_NOT_FOUND', 2],
    ['PWT_TASK_UNKNOWN', 2],
    ['PWT_COMMAND_NOT_APPROVED', 2],
    ['PWT_TARGET_NOT_FOUND', 2],
    ['PWT_GIT_TOO_OLD', 3],
    ['PWT_NOT_A_REPOSITORY', 3],
    ['PWT_RUN_LOCKED', 3],
    ['PWT_DISK_FULL', 3],
    ['PWT_SOMETHING_NEW', 3],
  ])('%s: %i', (code, exitCode) => {
    expect(exitCodeOf(new PwtError(code, 'x'))).toBe(exitCode);
  });

  it('takes a mistake of its own for none of the user', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(3);
  });
});

describe('exitCodeOfResult', () => {
  it.each([
    [{ interrupted: false, success: true }, 0],
    [{ interrupted: false, success: false }, 1],
    [{ interrupted: true, success: false }, 130],
  ])('%j: %i', (result, exitCode) => {
    expect(exitCodeOfResult(result)).toBe(exitCode);
  });
});

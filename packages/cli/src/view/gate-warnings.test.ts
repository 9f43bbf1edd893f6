import type { Diagnostic } from '@pwt/core';
import { expect, it } from 'vitest';
import { gateWarningLines } from './gate-warnings.js';

const warning = (code: Diagnostic['code'], message: string): Diagnostic => ({
  code,
  severity: 'warning',
  message,
});

it('tells of the gate that it is red on the base, as it was last, and where it is flaky', () => {
  const said = [
    warning('PWT_GATE_BASE_RED', 'red at first'),
    warning('PWT_GATE_FLAKE', 'flaky'),
    warning('PWT_OTHER', 'other'),
    warning('PWT_GATE_BASE_RED', 'red again'),
  ];
  expect(gateWarningLines(said)).toEqual([
    'warning PWT_GATE_BASE_RED: red again',
    'warning PWT_GATE_FLAKE: flaky',
  ]);
  expect(gateWarningLines([])).toEqual([]);
});

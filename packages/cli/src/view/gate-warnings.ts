import type { Diagnostic } from '@pwt/core';
import { oneLine } from '../format/text.js';
import { warningText } from './event-line.js';

const BASE_RED = 'PWT_GATE_BASE_RED';

/**
 * What a reader of a run's outcomes has to know of its gate, a line each: that it is red without any task, as it was last,
 * and where it was red and green on the same files. Pure.
 */
export function gateWarningLines(diagnostics: readonly Diagnostic[]): string[] {
  const base = diagnostics.findLast(({ code }) => code === BASE_RED);
  const flakes = diagnostics.filter(({ code }) => code === 'PWT_GATE_FLAKE');
  return [...(base === undefined ? [] : [base]), ...flakes].map((said) => oneLine(warningText(said)));
}

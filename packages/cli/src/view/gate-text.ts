import type { GatedState, RunningGate, Verdict } from '@pwt/core';
import { formatDuration } from '../format/units.js';

/** So many tasks are named; the rest is counted. */
const NAMED = 8;

/** Which work a gate tests: `1`, `1, 2 and 3 together`, `the base`, `what has come to the target`. Pure. */
export function testedText({ taskIds, purpose }: Pick<GatedState, 'taskIds' | 'purpose'>): string {
  if (purpose === 'target') return 'what has come to the target';
  const [last, ...before] = taskIds.slice(0, NAMED).reverse();
  if (last === undefined) return 'the base';
  if (taskIds.length > NAMED)
    return `${[last, ...before].reverse().join(', ')} and ${taskIds.length - NAMED} more together`;
  return before.length === 0 ? last : `${before.reverse().join(', ')} and ${last} together`;
}

/** Each command of a gate that has several, ` (lint red 1.0s, test skipped)`; nothing for a gate of one. Pure. */
export function partsText({ parts = [] }: Verdict): string {
  if (parts.length === 0) return '';
  const texts = parts.map(({ name, status, durationMs }) =>
    status === 'skipped' ? `${name} skipped` : `${name} ${status} ${formatDuration(durationMs)}`,
  );
  return ` (${texts.join(', ')})`;
}

/** A gate that is running, and for how long. Pure. */
export function runningGateText(gate: RunningGate, now: number): string {
  return `the gate tests ${testedText(gate)}, for ${formatDuration(Math.max(0, now - gate.startedAt))}`;
}

import { EVENT_VERSION, taskOutcomeStatuses } from '@pwt/core';
import type { RunResult } from '@pwt/default';

/** The last line of `run --json` when there was no task to run: there is no journal, so no event either. */
export function nothingToDo({
  success,
  notRun,
}: Pick<RunResult, 'success' | 'notRun'>): Record<string, unknown> {
  const totals = Object.fromEntries(taskOutcomeStatuses.map((status) => [status, 0]));
  return { v: EVENT_VERSION, type: 'run-finished', success, tasks: [], totals, notRun, durationMs: 0 };
}

import { type Finding, type Snapshot, shellQuote } from '@pwt/core';
import type { LateWork } from '../exchange/exchange.js';
import type { WorkspacesContext } from './context.js';
import { keepSnapshotOf } from './keep.js';

/**
 * What workers have brought for attempts of a task that had been given up. Each is kept in the project's repository as a snapshot, and
 * named.
 *
 * @param base what the task's work is compared with
 */
export async function lateFindings(
  context: WorkspacesContext,
  runId: string,
  taskId: string,
  base: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const late of await context.exchange.lateOf(runId)) {
    if (late.attempt.taskId !== taskId) continue;
    const { ref } = await keepLate(context, late);
    findings.push({
      kind: 'left-out',
      severity: 'warning',
      taskIds: [taskId],
      message: `${lateText(late)} It is not part of the task's work, and kept as ${ref}: ${late.commit}.`,
      hint: `To look at it: git diff ${shellQuote(base)} ${shellQuote(ref)}`,
      subjects: [ref],
    });
  }
  return findings;
}

/** In one sentence. */
export function lateText({ attempt, worker }: LateWork): string {
  return `Attempt ${attempt.number} of task ${attempt.taskId} had been given up when its worker ${worker} brought its work.`;
}

function keepLate(context: WorkspacesContext, { attempt, ref, commit }: LateWork): Promise<Snapshot> {
  return keepSnapshotOf(context, attempt, commit, ref);
}

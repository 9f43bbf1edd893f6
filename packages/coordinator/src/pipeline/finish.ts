import type { TaskOutcomeStatus } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { keepWork } from './keep-work.js';

export type RejectedStatus = Exclude<TaskOutcomeStatus, 'integrated' | 'landed'>;

const verbs: Readonly<Record<RejectedStatus, string>> = {
  failed: 'failed',
  'timed-out': 'timed out',
  conflicted: 'conflicted',
  held: 'is held',
  unchanged: 'changed nothing',
  skipped: 'was skipped',
  cancelled: 'was cancelled',
};

/**
 * Ends a task that will not be integrated, and with it every waiting task that needs it. What its agent has left is
 * kept first.
 */
export async function finish(
  context: RunContext,
  taskId: string,
  status: RejectedStatus,
  reason: string,
): Promise<void> {
  await keepWork(context, taskId, status);
  const skipped = context.scheduler.rejected(taskId);
  await context.log.append({ type: 'task-finished', taskId, status, reason });
  await skip(context, skipped, needs(taskId, status));
}

/** Why a task that depends on this one can't start. */
export function needs(taskId: string, status: RejectedStatus): string {
  return `needs task ${taskId}, which ${verbs[status]}`;
}

export async function skip(context: RunContext, taskIds: Iterable<string>, reason: string): Promise<void> {
  for (const taskId of taskIds) {
    await context.log.append({ type: 'task-finished', taskId, status: 'skipped', reason });
  }
}

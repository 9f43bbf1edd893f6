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
  const finished = context.log.append({ type: 'task-finished', taskId, status, reason });
  // In the same turn: two tasks that end at a time must not both end what needs them.
  await Promise.all([finished, skipDependents(context, taskId, status)]);
}

/** Ends every waiting task that needs one that will not be integrated. */
export async function skipDependents(
  { log, scheduler }: Pick<RunContext, 'log' | 'scheduler'>,
  taskId: string,
  status: RejectedStatus,
): Promise<void> {
  const reason = needs(taskId, status);
  const skipped = scheduler
    .waitingDependentsOf(taskId)
    .map((id) => log.append({ type: 'task-finished', taskId: id, status: 'skipped', reason }));
  await Promise.all(skipped);
}

/** Why a task that depends on this one can't start. */
export function needs(taskId: string, status: RejectedStatus): string {
  return `needs task ${taskId}, which ${verbs[status]}`;
}

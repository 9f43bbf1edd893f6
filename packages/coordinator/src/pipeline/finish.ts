import { type AttemptEnding, isPwtError, type RejectedStatus, type TaskFailure } from '@pwt/core';
import { reasonOf } from '../reason-of.js';
import type { RunContext } from '../run/run-context.js';
import { keepWork } from './keep-work.js';

/** How a rejected task ends. */
export type Ending = AttemptEnding;

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
 * Rejects a task, and with it every waiting task that needs it. Uncommitted work of its agent is kept in a snapshot first.
 */
export async function finish(context: RunContext, taskId: string, ending: Ending): Promise<void> {
  await keepWork(context, taskId, ending.status);
  const finished = context.log.append({ type: 'task-finished', taskId, ...ending });
  // Without an await in between: two tasks that end together must not both end a task that needs both.
  await Promise.all([finished, skipDependents(context, taskId, ending.status)]);
}

/** Skips every waiting task that needs a rejected one. */
export async function skipDependents(
  { log, scheduler }: Pick<RunContext, 'log' | 'scheduler'>,
  taskId: string,
  status: RejectedStatus,
): Promise<void> {
  const ending = skipped(needs(taskId, status));
  const ends = scheduler
    .waitingDependentsOf(taskId)
    .map((id) => log.append({ type: 'task-finished', taskId: id, ...ending }));
  await Promise.all(ends);
}

/** The end of a task that can't start. */
export function skipped(reason: string): Ending {
  return { status: 'skipped', reason, failure: { kind: 'dependency', message: reason } };
}

/** Why a task that depends on this one can't start. */
export function needs(taskId: string, status: RejectedStatus): string {
  return `needs task ${taskId}, which ${verbs[status]}`;
}

/** The end of a task because of an error that is neither of its agent nor of its gate. */
export function failedWith(error: unknown, status: 'failed' | 'held'): Ending {
  const failure: TaskFailure = isPwtError(error)
    ? { kind: 'error', message: error.message, code: error.code }
    : { kind: 'error', message: reasonOf(error) };
  return { status, reason: reasonOf(error), failure };
}

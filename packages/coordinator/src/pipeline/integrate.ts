import {
  type CommitId,
  type ConflictedPath,
  type IntegrateOutcome,
  type RunState,
  type TaskIn,
  taskLists,
  whyNoChange,
} from '@pwt/core';
import { checkIntegrated } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { endAttempt } from './end-attempt.js';
import { Marking } from './marking.js';
import { settle } from './settle.js';
import { taskCommit } from './task-commit.js';

/**
 * Joins the work of a task to a commit. Makes objects only: no ref that counts is moved.
 *
 * @param over the history on which the work was made, if only its own changes are to be joined
 */
export async function joinWork(
  context: RunContext,
  state: TaskIn<'audited' | 'integrated'>,
  onto: CommitId,
  over: CommitId | undefined = state.over,
): Promise<IntegrateOutcome> {
  const { runId, parts } = context;
  const { merger } = parts;
  const { task, commit } = state;
  const { id: taskId } = task;
  const subject = { kind: 'tasks', taskIds: [taskId] } as const;
  const { strategy } = context.options;
  const words = taskCommit(task, { strategy, gate: parts.gate, isReplayed: over !== undefined });
  const marking = Marking.of(context, task);
  const request = {
    ...{ runId, subject, onto, commit, ...words, abortSignal: context.stop.signal },
    lists: taskLists(context.log.state),
    ...(marking && { edit: marking.edit }),
  };
  const answer =
    over === undefined || !merger.replay
      ? await merger.integrate(request)
      : await merger.replay({ ...request, over });
  const outcome = checkIntegrated(merger.name, answer);
  await marking?.report(outcome);
  // A mark alone does not make work of what was there before; a task that needs no change has nothing else.
  const isNothing = outcome.status === 'merged' && outcome.onlyEdits && state.phase === 'audited';
  return isNothing && whyNoChange(state) === undefined ? { status: 'contained' } : outcome;
}

/**
 * Ends the attempt of a task whose work can't be joined to the integration tip. One that needs no change is done, where all that
 * it has is there already.
 */
export async function rejectUnjoined(
  context: RunContext,
  taskId: string,
  outcome: Exclude<IntegrateOutcome, { readonly status: 'merged' }>,
): Promise<void> {
  const { log } = context;
  if (outcome.status === 'contained') {
    const task = log.task(taskId);
    const noChange = whyNoChange(task);
    if (noChange !== undefined) return settle(context, task, noChange);
    const reason = 'everything it committed is on the integration branch already';
    const failure = { kind: 'no-change', message: reason } as const;
    await endAttempt(context, taskId, { status: 'unchanged', reason, failure });
    return;
  }
  const { paths } = outcome;
  const onto = log.run.integration;
  await log.append({ type: 'integrate-conflicted', taskId, onto, paths });
  const reason = conflictReason(log.state, taskId, paths);
  const failure = { kind: 'conflict', message: reason } as const;
  await endAttempt(context, taskId, { status: 'conflicted', reason, failure }, { conflict: { onto, paths } });
}

/** Names the files, and the tasks that changed them since this one started. */
function conflictReason(state: RunState, taskId: string, paths: readonly ConflictedPath[]): string {
  const names = new Set(paths.map((entry) => entry.path));
  const others = [...state.tasks.values()]
    .filter((other) => other.task.id !== taskId && other.integratedAs !== undefined)
    .filter((other) =>
      other.changes?.some((change) => names.has(change.path) || names.has(change.from ?? '')),
    )
    .map((other) => other.task.id);
  const files = names.size === 0 ? 'moved files' : [...names].slice(0, 5).join(', ');
  const more = names.size > 5 ? ` and ${names.size - 5} more` : '';
  return `conflicts in ${files}${more}${others.length === 0 ? '' : ` with task ${others.join(', ')}`}`;
}

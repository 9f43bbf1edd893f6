import { PwtError, type RunState, type TaskState } from '@pwt/core';
import { discardWorkspace } from './pipeline/clean-up.js';
import type { RunContext } from './run-context.js';
import { dependentsOf, transitiveDependents } from './schedule/graph.js';

/** Tasks that were stopped together with an interrupted run: they start over. */
export function stoppedTasks(state: RunState): readonly string[] {
  return [...state.tasks.values()]
    .filter((task) => task.outcome === undefined && task.phase === 'exited' && task.exit?.kind === 'stopped')
    .map((task) => task.task.id);
}

/**
 * The tasks to start over when the user asks to retry these: they themselves, and what was skipped because
 * of them.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN` for an id that is not part of the run, `PWT_TASK_NOT_RETRYABLE` for a
 * task whose work is integrated or still under way.
 */
export function retryTasks(state: RunState, ids: readonly string[]): readonly string[] {
  for (const id of ids) checkRetryable(state, id);
  return [...new Set([...ids, ...skippedBecauseOf(state, ids)])];
}

function skippedBecauseOf(state: RunState, ids: readonly string[]): readonly string[] {
  const nodes = [...state.tasks.values()].map(({ task }) => ({ id: task.id, dependsOn: task.dependsOn }));
  const below = transitiveDependents(dependentsOf(nodes), ids);
  return [...below].filter((id) => state.tasks.get(id)?.outcome === 'skipped');
}

/** Tasks that were held after their agent had ended: what was wrong may have been put right. */
export function heldTasks(state: RunState): readonly string[] {
  return [...state.tasks.values()]
    .filter((task) => task.outcome === 'held' && task.exit !== undefined && task.workspaceGone !== true)
    .map((task) => task.task.id);
}

/** Looks at a held task again, and lets those wait for it again that were skipped because of it. */
export async function reopen(context: RunContext, taskId: string): Promise<void> {
  await context.log.append({ type: 'task-reopened', taskId, reason: 'the run was resumed' });
  context.scheduler.dispatched(taskId);
  for (const id of skippedBecauseOf(context.log.state, [taskId]))
    await requeue(context, id, 'what it needs is looked at again');
}

/** Puts a task back into the queue, with its earlier workspace out of the way. */
export async function requeue(context: RunContext, taskId: string, reason: string): Promise<void> {
  if (!(await discardWorkspace(context, context.log.task(taskId)))) {
    const { path } = context.log.task(taskId).workspace ?? {};
    throw new PwtError(
      'PWT_WORKSPACE_KEPT',
      `The workspace of task ${taskId} can't be removed to start over.`,
      {
        hint: `Look at ${path ?? 'it'}, then remove it yourself and try again.`,
      },
    );
  }
  await context.log.append({ type: 'task-requeued', taskId, reason });
  context.scheduler.requeued(taskId);
}

function checkRetryable(state: RunState, id: string): TaskState {
  const task = state.tasks.get(id);
  if (!task) {
    throw new PwtError('PWT_TASK_UNKNOWN', `Task ${id} is not part of run ${state.runId}.`, {
      hint: `Its tasks are: ${[...state.tasks.keys()].slice(0, 20).join(', ')}.`,
    });
  }
  if (task.outcome === undefined || task.outcome === 'integrated' || task.outcome === 'landed') {
    throw new PwtError('PWT_TASK_NOT_RETRYABLE', `Task ${id} is ${task.outcome ?? 'not finished'}.`, {
      hint: 'Only tasks that failed, timed out, conflicted, were held, skipped, cancelled or changed nothing can be retried.',
    });
  }
  return task;
}

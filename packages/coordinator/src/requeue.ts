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
  const nodes = [...state.tasks.values()].map(({ task }) => ({ id: task.id, dependsOn: task.dependsOn }));
  const below = transitiveDependents(dependentsOf(nodes), ids);
  const skipped = [...below].filter((id) => state.tasks.get(id)?.outcome === 'skipped');
  return [...new Set([...ids, ...skipped])];
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

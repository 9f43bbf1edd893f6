import { isResolvable, PwtError, type ResolvableTask, type RunState, type TaskState } from '@pwt/core';

/** @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RESOLVABLE` */
export function requireResolvable({ runId, tasks }: RunState, taskId: string): ResolvableTask {
  const task = tasks.get(taskId);
  if (isResolvable(task)) return task;
  if (task === undefined) {
    throw new PwtError('PWT_TASK_UNKNOWN', `Task ${taskId} is not part of run ${runId}.`, {
      hint: `Its tasks are: ${[...tasks.keys()].slice(0, 20).join(', ')}.`,
    });
  }
  throw new PwtError('PWT_TASK_NOT_RESOLVABLE', `${whyNot(task)}.`, {
    hint: `How it stands: pwt status --run ${runId}`,
    data: { taskId, runId },
  });
}

function whyNot({ task, outcome, workspaceGone, continues }: TaskState): string {
  if (outcome === 'conflicted' && workspaceGone === true) return `The worktree of task ${task.id} is gone`;
  if (outcome === undefined && continues?.conflict !== undefined)
    return `The conflict of task ${task.id} is for its agent to resolve, when the run goes on`;
  return `Task ${task.id} is ${outcome ?? 'not finished'}, and has no conflict to resolve`;
}

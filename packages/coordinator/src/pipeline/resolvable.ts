import { PwtError, type RunState, type TaskIn, type TaskState, type Workspace } from '@pwt/core';

/** A task that a person can resolve: its agent has ended well, its work can't be merged, and it has its workspace. */
export type ResolvableTask = TaskIn<'ended'> & {
  readonly exit: NonNullable<TaskState['exit']>;
  readonly workspace: Workspace;
};

/** True for a task whose conflict is for a person now, or whose merge is not finished. */
export function isResolvable(task: TaskState | undefined): task is ResolvableTask {
  if (task?.phase !== 'ended' || task.workspaceGone === true) return false;
  if (task.workspace === undefined || task.exit === undefined) return false;
  return task.outcome === 'conflicted' || task.resolving !== undefined || isHeldMerge(task);
}

/** Collected with a merge in it that nobody has finished. */
function isHeldMerge({ outcome, failure, workspace, continues }: TaskIn<'ended'>): boolean {
  const wasMerging = continues?.moved?.status === 'conflicted' && workspace !== undefined;
  return outcome === 'held' && failure?.kind === 'conflict' && wasMerging;
}

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

import type { TaskIn, TaskState } from './task-state.js';
import type { Workspace } from './workspace.js';

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

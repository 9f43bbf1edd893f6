import type { TaskState } from '@pwt/core';

/** One thing that can be done about a run as it stands. */
export interface NextStep {
  /** What it does, for a label: `Finish 3`. */
  readonly action: string;
  /** Why it is needed, a sentence each; only what the tasks' own lines do not say in full. */
  readonly why: readonly string[];
  readonly taskIds: readonly string[];
  /** To be pasted into a shell, in any directory of the repository. Absent where there is nothing to do but wait. */
  readonly command?: string;
  /** A command that shows what went wrong. */
  readonly look?: string;
}

/** True for a task whose work is finished and that `resume` takes up where it was held. */
export function isHeldForResume({ outcome, exit, workspaceGone, failure }: TaskState): boolean {
  // What waits for a task that it builds on goes on when that one does.
  if (failure?.kind === 'dependency') return false;
  return outcome === 'held' && exit !== undefined && workspaceGone !== true;
}

import type { ConflictedPath, RunState } from '@pwt/core';
import { changedBy, specLines } from '../pipeline/feedback/conflict.js';

/** A task that has to do with a conflict, and what its specs say of the path. */
export interface TaskInConflict {
  readonly taskId: string;
  readonly title: string;
  /** Such as `specs/20.md:12: - edit src/app.ts`. */
  readonly specLines: readonly string[];
}

/** A path in conflict, and the tasks that have changed it. */
export interface ConflictOfTasks extends ConflictedPath {
  /** The task itself, then those whose work is integrated; where there is none, others have changed it on the target. */
  readonly tasks: readonly TaskInConflict[];
}

/** Who has to do with the conflicts of a task. Pure. */
export function conflictsOfTasks(
  state: RunState,
  taskId: string,
  paths: readonly ConflictedPath[],
): readonly ConflictOfTasks[] {
  const own = state.tasks.get(taskId);
  return paths.map((conflict) => {
    const tasks = [...(own === undefined ? [] : [own]), ...changedBy(state, taskId, conflict.path)];
    return {
      ...conflict,
      tasks: tasks.map((one) => ({
        taskId: one.task.id,
        title: one.task.title,
        specLines: specLines(one, conflict.path),
      })),
    };
  });
}

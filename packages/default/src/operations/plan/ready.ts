import type { Diagnostic, Task } from '@pwt/core';
import { nameIds } from './left-out.js';

/** Tasks that wait for nothing, and what is told of the others. */
export interface ReadyTasks {
  readonly tasks: readonly Task[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The tasks that depend on no unfinished task.
 *
 * @param isFinished of a task that another one depends on
 */
export function readyAmong(tasks: readonly Task[], isFinished: (id: string) => boolean): ReadyTasks {
  const ready = tasks.filter(({ dependsOn }) => dependsOn.every(isFinished));
  const ids = tasks.flatMap((task) => (ready.includes(task) ? [] : [task.id]));
  if (ids.length === 0) return { tasks, diagnostics: [] };
  const message = `Left out, because they wait for unfinished tasks: ${nameIds(ids)}.`;
  return { tasks: ready, diagnostics: [{ code: 'PWT_TASK_WAITS', severity: 'info', message }] };
}

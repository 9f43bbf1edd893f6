import type { TaskState } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/** Which of these tasks have claims or changes that meet those of a task: of two such, one is likelier to break the other. */
export function meetingTasks(
  { log, scheduler }: Pick<RunContext, 'log' | 'scheduler'>,
  taskId: string,
  others: readonly string[],
): readonly string[] {
  const task = log.task(taskId);
  const holders = new Set(scheduler.holdersOf(task.claims, taskId));
  const paths = changedPaths(task);
  return others.filter(
    (other) => holders.has(other) || [...changedPaths(log.task(other))].some((path) => paths.has(path)),
  );
}

function changedPaths({ changes = [] }: TaskState): ReadonlySet<string> {
  return new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
}

import { defined, type FinishedTask, hasOwnCommit, type RunState, type TaskIn } from '@pwt/core';

/**
 * The tasks whose work an agent finds in its workspace, for it to know: those that its task depends on first, then what they depend
 * on, then the others, the newest first.
 */
export function finishedBefore(
  { tasks }: Pick<RunState, 'tasks'>,
  state: TaskIn<'prepared'>,
): FinishedTask[] {
  const done = (id: string): TaskIn<'integrated'> | undefined => {
    const task = tasks.get(id);
    const isIn = task?.phase === 'integrated' && task.integratedAt <= state.dispatchedAt;
    return isIn ? task : undefined;
  };
  const needed = new Map<string, TaskIn<'integrated'> | undefined>();
  let next = state.task.dependsOn;
  while (next.length > 0) {
    const found = next.filter((id) => !needed.has(id)).map((id) => [id, done(id)] as const);
    for (const [id, task] of found) needed.set(id, task);
    next = found.flatMap(([, task]) => task?.task.dependsOn ?? []);
  }
  const others = [...tasks.keys()]
    .flatMap((id) => (needed.has(id) ? [] : (done(id) ?? [])))
    .sort((a, b) => b.integratedAt - a.integratedAt);
  return [
    ...[...needed.values()].flatMap((task) => (task === undefined ? [] : [finished(task, true)])),
    ...others.map((task) => finished(task, false)),
  ];
}

function finished(task: TaskIn<'integrated'>, isNeeded: boolean): FinishedTask {
  const { changes, noChange, integratedAs } = task;
  const { id: taskId, title } = task.task;
  const commit = hasOwnCommit(task) ? integratedAs : undefined;
  return {
    taskId,
    title,
    isNeeded,
    paths: changes.map(({ path }) => path),
    ...defined({ commit, noChange }),
  };
}

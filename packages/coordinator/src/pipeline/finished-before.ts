import {
  defined,
  type FinishedTask,
  hasOwnCommit,
  type RunState,
  type TaskIn,
  type TaskState,
} from '@pwt/core';

/** An agent reads of a dozen; a run of very many tasks would write all of them for each of its agents. */
const MOST = 100;

/**
 * The tasks whose work an agent finds in its workspace, for it to know: those that its task depends on first, then what they depend
 * on, then the others, the newest first. At most a hundred.
 */
export function finishedBefore(
  { tasks }: Pick<RunState, 'tasks'>,
  state: TaskIn<'prepared'>,
): FinishedTask[] {
  const isIn = (task: TaskState | undefined): task is TaskIn<'integrated'> & TaskState =>
    task?.phase === 'integrated' && task.integratedAt <= state.dispatchedAt;
  const needed = new Set<string>();
  const first: TaskIn<'integrated'>[] = [];
  let next = state.task.dependsOn;
  while (next.length > 0 && first.length < MOST) {
    const found = [...new Set(next)].filter((id) => !needed.has(id));
    for (const id of found) needed.add(id);
    const done = found.map((id) => tasks.get(id)).filter(isIn);
    first.push(...done);
    next = done.flatMap(({ task }) => task.dependsOn);
  }
  const others = newest(
    tasks.values(),
    MOST - first.length,
    (task) => isIn(task) && !needed.has(task.task.id),
  );
  return [
    ...first.slice(0, MOST).map((task) => finished(task, true)),
    ...others.map((task) => finished(task, false)),
  ];
}

/** Of those that are wanted, the last that were integrated, the newest first. Those that are last in the run are likely to be. */
function newest(
  tasks: Iterable<TaskState>,
  count: number,
  isWanted: (task: TaskState) => boolean,
): TaskIn<'integrated'>[] {
  let found: TaskIn<'integrated'>[] = [];
  let oldest = Number.NEGATIVE_INFINITY;
  const keep = () => {
    found.sort((a, b) => b.integratedAt - a.integratedAt);
    found = found.slice(0, Math.max(0, count));
    if (found.length === count) oldest = found.at(-1)?.integratedAt ?? oldest;
  };
  for (const task of [...tasks].reverse()) {
    if (task.phase !== 'integrated' || task.integratedAt <= oldest || !isWanted(task)) continue;
    found.push(task);
    if (found.length >= 2 * MOST) keep();
  }
  keep();
  return found;
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

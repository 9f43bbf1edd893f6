import { hasOwnCommit, type StartedRun, type TaskIn } from '@pwt/core';

/**
 * The tasks whose work is integrated and has not landed, in the order in which the integration ref joins them; then those
 * without a commit of their own.
 */
export function integratedInOrder({
  tasks,
  landedTip,
}: Pick<StartedRun, 'tasks' | 'landedTip'>): TaskIn<'integrated'>[] {
  const open = [...tasks.values()]
    .filter((task): task is TaskIn<'integrated'> => task.phase === 'integrated' && task.outcome !== 'landed')
    .sort((a, b) => a.integratedAt - b.integratedAt);
  const joined = open.filter(hasOwnCommit);
  const behind = new Map(joined.map((task) => [task.onto, task]));
  const made = new Set(joined.map(({ integratedAs }) => integratedAs));
  const line = new Set<TaskIn<'integrated'>>();
  const follow = (first: TaskIn<'integrated'> | undefined): void => {
    for (let task = first; task && !line.has(task); task = behind.get(task.integratedAs)) line.add(task);
  };
  follow(behind.get(landedTip));
  // Behind a gap, where the target was joined or other work has landed by itself, time tells what is next.
  for (const task of joined) if (!made.has(task.onto)) follow(task);
  return [...line, ...open.filter((task) => !line.has(task))];
}

import type { StartedRun, TaskIn } from '@pwt/core';

/** The tasks whose work is integrated and has not landed, in the order in which the integration ref joins them. */
export function integratedInOrder({
  tasks,
  landedTip,
}: Pick<StartedRun, 'tasks' | 'landedTip'>): TaskIn<'integrated'>[] {
  const open = [...tasks.values()]
    .filter((task): task is TaskIn<'integrated'> => task.phase === 'integrated' && task.outcome !== 'landed')
    .sort((a, b) => a.integratedAt - b.integratedAt);
  const behind = new Map(open.map((task) => [task.onto, task]));
  const made = new Set(open.map(({ integratedAs }) => integratedAs));
  const line = new Set<TaskIn<'integrated'>>();
  const follow = (first: TaskIn<'integrated'> | undefined): void => {
    for (let task = first; task && !line.has(task); task = behind.get(task.integratedAs)) line.add(task);
  };
  follow(behind.get(landedTip));
  // Behind a gap, where the target was joined or other work has landed by itself, time tells what is next.
  for (const task of open) if (!made.has(task.onto)) follow(task);
  return [...line, ...open.filter((task) => !line.has(task))];
}

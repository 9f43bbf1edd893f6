import type { OpenTask } from './view.js';

/**
 * Splits tasks into so many parts of nearly equal size. Tasks that meet come into different parts where possible: so two
 * tasks that are only red together do not make a part red, and are told apart from those at fault alone.
 */
export function split(tasks: readonly string[], parts: number, open: readonly OpenTask[]): string[][] {
  const meets = new Map(open.map((task) => [task.taskId, task.meets]));
  const room = Math.ceil(tasks.length / parts);
  const groups = Array.from({ length: parts }, (): string[] => []);
  for (const task of tasks) {
    const met = (group: readonly string[]) =>
      group.filter((other) => meets.get(task)?.has(other) || meets.get(other)?.has(task)).length;
    const best = groups
      .filter((group) => group.length < room)
      .reduce((least, group) =>
        met(group) < met(least) || (met(group) === met(least) && group.length < least.length) ? group : least,
      );
    best.push(task);
  }
  return groups.filter((group) => group.length > 0);
}

import type { OpenTask } from './view.js';

/**
 * Splits tasks into parts of at most this size, in their order. Tasks that meet come into different parts where possible:
 * so two tasks that are only red together do not make a part red, and are told apart from those at fault alone.
 */
export function split(tasks: readonly string[], size: number, open: readonly OpenTask[]): string[][] {
  const meets = new Map(open.map((task) => [task.taskId, task.meets]));
  const parts = Array.from({ length: Math.ceil(tasks.length / size) }, (): string[] => []);
  for (const task of tasks) {
    const met = (part: readonly string[]) =>
      part.filter((other) => meets.get(task)?.has(other) || meets.get(other)?.has(task)).length;
    const best = parts
      .filter((part) => part.length < size)
      .reduce((least, part) => (met(part) < met(least) ? part : least));
    best.push(task);
  }
  return parts.filter((part) => part.length > 0);
}

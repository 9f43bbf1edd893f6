import type { Gate, IntegrateRequest, MergeStrategy, Task } from '@pwt/core';

/**
 * What the commit says in which a task is integrated: its title, and trailers that name the task's spec and the gate.
 * The merger adds the task's id.
 *
 * @param isReplayed the work is put onto another history: there is nothing that a merge commit could merge
 */
export function taskCommit(
  task: Task,
  options: {
    readonly strategy: MergeStrategy;
    readonly gate: Gate | undefined;
    readonly isReplayed: boolean;
  },
): Pick<IntegrateRequest, 'message' | 'strategy' | 'trailers'> {
  const { strategy, gate, isReplayed } = options;
  const [spec] = task.specs;
  const trailers = [
    ...trailer('Pwt-Spec', spec?.path),
    ...trailer('Pwt-Gate', gate?.fingerprint?.slice(0, 12)),
  ];
  return { message: messageFor(task, strategy, isReplayed), strategy, trailers };
}

function messageFor({ id, title }: Task, strategy: MergeStrategy, isReplayed: boolean): string {
  if (strategy !== 'merge') return `${title}\n`;
  return `${isReplayed ? 'Task' : 'Merge task'} ${id}: ${title}\n`;
}

function trailer(key: string, value: string | undefined): string[] {
  // A line break would start a line of its own.
  return value === undefined || /[\r\n]/.test(value) ? [] : [`${key}: ${value}`];
}

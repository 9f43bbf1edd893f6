/**
 * The work that is merged or tested: that of tasks, or commits of others on the target. One task is merged at a time; a
 * gate may test several together.
 */
export type WorkSubject =
  | { readonly kind: 'tasks'; readonly taskIds: readonly string[] }
  | { readonly kind: 'target' };

/**
 * A name for logs, file names and refs: the ids of the tasks joined by `+`, or `@target`, which no task can be called.
 */
export function subjectName(subject: WorkSubject): string {
  return subject.kind === 'target' ? '@target' : subject.taskIds.join('+');
}

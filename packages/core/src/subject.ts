/**
 * Whose work is joined or tested: that of tasks, or what others have put on the target branch. Joined is one task at
 * a time; a gate may be asked about several at once.
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

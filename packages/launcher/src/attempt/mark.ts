/**
 * The mark by which the processes of one attempt are found (`findMarked` of `@pwt/process`), told apart from every
 * other attempt: neither a run's id nor a number holds a dot.
 */
export function attemptMark(runId: string, taskId: string, attempt: number | string): string {
  return `pwt.${runId.replaceAll('.', '-')}.${taskId}.${attempt}`;
}

import type { TaskState } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/** The end of a task that a person has stopped. */
export const stoppedByUser = {
  status: 'cancelled',
  reason: 'stopped by the user',
  failure: { kind: 'stopped', message: 'stopped by the user' },
} as const;

/** True if the agent is to be stopped, or was, because a person has said something. */
export function isStoppedForPerson({
  stopping,
  question,
}: Pick<TaskState, 'stopping' | 'question'>): boolean {
  return stopping === true || question?.answer !== undefined;
}

/** Stops the agent of a task if a person has said so: also one that begins to be watched after a crash. */
export async function stopForPerson({ log, agents }: RunContext, taskId: string): Promise<void> {
  if (isStoppedForPerson(log.task(taskId))) await agents.get(taskId)?.run.stop();
}

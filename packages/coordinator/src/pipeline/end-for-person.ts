import type { TaskIn } from '@pwt/core';
import { stoppedByUser } from '../questions/stop-for-person.js';
import type { RunContext } from '../run/run-context.js';
import { agentEnding } from './agent-ending.js';
import { continueTask } from './end-attempt.js';
import { finish } from './finish.js';

/**
 * Ends the attempt of an agent that was stopped because a person has said something: the task is cancelled, or goes on with the
 * answer, which counts as no further attempt. An agent that has ended well by itself meanwhile is judged by its work.
 *
 * @returns whether it was that
 */
export async function endForPerson(
  context: RunContext,
  { task, exit, stopping, question }: TaskIn<'exited'>,
): Promise<boolean> {
  const ending = agentEnding(exit);
  if (ending === undefined) return false;
  // Also one that has failed by itself just then: nothing tries it again.
  if (stopping) {
    await finish(context, task.id, stoppedByUser);
    return true;
  }
  if (question?.answer === undefined) return false;
  const reason = 'stopped, to go on with an answer';
  await continueTask(context, task.id, { status: 'cancelled', reason }, { uncounted: true });
  return true;
}

import { defined, PwtError, shellQuote } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { discardWorkspace } from './clean-up.js';

/**
 * Removes the earlier workspace of a task and puts the task back into the queue.
 *
 * @throws PwtError `PWT_WORKSPACE_KEPT`
 */
export async function startOver(context: RunContext, taskId: string, reason: string): Promise<void> {
  const task = context.log.task(taskId);
  const removal = await discardWorkspace(context, task, `before it starts over: ${reason}`);
  if (removal?.status === 'kept') {
    const { path = '', host } = task.workspace ?? {};
    const move = `To take it out of the way: mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`;
    throw new PwtError(
      'PWT_WORKSPACE_KEPT',
      `The workspace of task ${taskId} can't be removed to start over: ${removal.message}.`,
      {
        hint: `Nothing of it was touched. ${removal.reason === 'not-ours' && host === undefined ? move : 'Put that right, then try again.'}`,
        data: { path, ...defined({ host }), reason: removal.reason },
      },
    );
  }
  await context.log.append({ type: 'task-requeued', taskId, reason });
}

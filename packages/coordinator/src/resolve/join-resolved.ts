import { hasCode } from '@pwt/core';
import type { Lanes } from '../loop/lanes.js';
import { joinAgain } from '../loop/run-task.js';
import { failedWith, finish } from '../pipeline/finish.js';
import { judge } from '../pipeline/judge.js';
import { runSteps } from '../pipeline/step.js';
import type { RunContext } from '../run/run-context.js';

/**
 * Goes on with tasks whose conflicts a person has resolved: their work is collected again, and joined as that of any other.
 * One that is not resolved is held.
 */
export async function joinResolved(
  context: RunContext,
  lanes: Lanes,
  taskIds: readonly string[],
): Promise<void> {
  for (const taskId of taskIds) {
    const reason = 'the user has resolved its conflict';
    await context.log.append({ type: 'task-reopened', taskId, reason, collect: true });
    await collectAgain(context, taskId);
  }
  const collected = taskIds.filter((id) => context.log.task(id).phase === 'collected');
  await joinAgain(context, lanes, collected);
}

async function collectAgain(context: RunContext, taskId: string): Promise<void> {
  try {
    await runSteps(context, taskId, { exited: judge });
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await finish(context, taskId, failedWith(error, 'held'));
  }
}

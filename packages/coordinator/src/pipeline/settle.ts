import type { TaskIn } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/**
 * Records that a task is done without a commit of its own: its dependents may start. The integration ref stays where it is, so
 * there is nothing to test, and this may happen at any time.
 */
export async function settle(
  { log }: Pick<RunContext, 'log'>,
  { task }: Pick<TaskIn<'audited'>, 'task'>,
  noChange: string,
): Promise<void> {
  const { integration } = log.run;
  await log.append({ type: 'integrated', taskId: task.id, from: integration, commit: integration, noChange });
}

import type { PlanRequest } from '@pwt/default';
import type { CommandContext } from '../command-context.js';

/** The tasks that a command line names for a plan or a run. */
export function askedTasks({ args, flags }: Pick<CommandContext, 'args' | 'flags'>): PlanRequest {
  return { taskIds: args, ready: flags.ready === true };
}

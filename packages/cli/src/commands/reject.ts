import type { CommandContext } from '../command-context.js';
import { continueRun } from '../continue-run.js';
import { usageError } from '../options/usage.js';

/** `pwt reject`: sends tested work back to its agent, with the reason. */
export async function reject(context: CommandContext): Promise<number> {
  const { flags, args } = context;
  const reason = typeof flags.message === 'string' ? flags.message.trim() : '';
  if (reason === '')
    throw usageError('Say what is to be changed: pwt reject takes -m and a sentence for the agent.');
  return continueRun(context, {
    reject: { taskIds: args, reason },
    ...(typeof flags.run === 'string' ? { runId: flags.run } : {}),
  });
}

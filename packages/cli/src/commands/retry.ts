import type { CommandContext } from '../command-context.js';
import { continueRun } from '../continue-run.js';
import { usageError } from '../options/usage.js';

/** `pwt retry`: tries tasks of a run again. */
export async function retry(context: CommandContext): Promise<number> {
  const { flags, args } = context;
  if (flags.fresh === true && flags.regate === true)
    throw usageError('--fresh starts an agent, --regate does not: give one of them.');
  if (typeof flags.message === 'string' && (flags.fresh === true || flags.regate === true))
    throw usageError('-m is told to an agent that goes on: give it without --fresh and --regate.');
  return continueRun(context, {
    retry: args,
    fresh: flags.fresh === true,
    regate: flags.regate === true,
    ...(typeof flags.message === 'string' ? { message: flags.message } : {}),
    ...(typeof flags.run === 'string' ? { runId: flags.run } : {}),
  });
}

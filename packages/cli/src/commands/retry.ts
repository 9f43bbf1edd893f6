import type { CommandContext } from '../command-context.js';
import { continueRun } from '../continue-run.js';

/** `pwt retry`: starts tasks of a run over. */
export async function retry(context: CommandContext): Promise<number> {
  const { flags, args } = context;
  return continueRun(context, {
    retry: args,
    ...(typeof flags.run === 'string' ? { runId: flags.run } : {}),
  });
}

import type { CommandContext } from '../command-context.js';
import { continueRun } from '../continue-run.js';
import { normaliseIds } from '../open.js';

/** `pwt retry`: starts tasks of a run over. */
export async function retry(context: CommandContext): Promise<number> {
  const { flags } = context;
  const taskIds = await normaliseIds(context);
  return continueRun(context, {
    retry: taskIds,
    ...(typeof flags.run === 'string' ? { runId: flags.run } : {}),
  });
}

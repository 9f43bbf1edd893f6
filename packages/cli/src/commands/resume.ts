import { defined } from '@pwt/core';
import type { CommandContext } from '../command-context.js';
import { continueRun } from '../continue-run.js';

/** `pwt resume`: goes on with a run. */
export async function resume(context: CommandContext): Promise<number> {
  const [runId] = context.args;
  return continueRun(context, defined({ runId }));
}

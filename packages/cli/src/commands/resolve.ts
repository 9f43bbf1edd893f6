import { defined } from '@pwt/core';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { resolutionLines } from '../view/resolution-text.js';

/** `pwt resolve`: puts the conflict of a task into its worktree, for the user. */
export async function resolve(context: CommandContext): Promise<number> {
  const { io, json, args, flags } = context;
  const [taskId = ''] = args;
  const runId = typeof flags.run === 'string' ? flags.run : undefined;
  return withCoordinator(context, async (coordinator) => {
    const resolution = await coordinator.resolve({ taskId, ...defined({ runId }) });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...resolution });
    else for (const line of resolutionLines(resolution)) printLine(io, line);
    return resolution.outcome.status === 'kept' ? exitCodes.tasksFailed : exitCodes.ok;
  });
}

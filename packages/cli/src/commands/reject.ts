import type { CommandContext } from '../command-context.js';
import { continueRun } from '../continue-run.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt reject`: sends tested work back to its agent, with the reason. */
export async function reject(context: CommandContext): Promise<number> {
  const { io, json, flags, args } = context;
  const reason = typeof flags.message === 'string' ? flags.message.trim() : '';
  if (reason === '')
    throw usageError('Say what is to be changed: pwt reject takes -m and a sentence for the agent.');
  const request = {
    reject: { taskIds: args, reason },
    ...(typeof flags.run === 'string' ? { runId: flags.run } : {}),
  };
  const said = await withCoordinator(context, (coordinator) => coordinator.sendBackInActiveRun(request));
  if (said === undefined) return continueRun(context, request);
  if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...said });
  else {
    const goes = said.taskIds.length === 1 ? 'goes back to its agent' : 'go back to their agents';
    const tasks = `${said.taskIds.length === 1 ? 'Task' : 'Tasks'} ${said.taskIds.join(', ')}`;
    printLine(io, `${tasks} ${goes}, and run ${said.runId} goes on.`);
  }
  return exitCodes.ok;
}

import { defined } from '@pwt/core';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt answer`: answers what an agent has asked, or what was asked about one. */
export async function answer(context: CommandContext): Promise<number> {
  const { io, json, args, flags } = context;
  const [taskId = '', ...words] = args;
  const runId = typeof flags.run === 'string' ? flags.run : undefined;
  return withCoordinator(context, async (coordinator) => {
    const said = await coordinator.answer({ taskId, answer: words.join(' '), ...defined({ runId }) });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...said });
    else if (said.active) printLine(io, `Task ${said.taskIds.join(', ')} goes on with your answer.`);
    else
      printLine(
        io,
        `Noted. Task ${said.taskIds.join(', ')} goes on with your answer after: pwt resume ${said.runId}`,
      );
    return exitCodes.ok;
  });
}

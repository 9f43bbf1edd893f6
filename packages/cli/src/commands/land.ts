import { hasCode } from '@pwt/core';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { resultLines } from '../view/result-text.js';

/** `pwt land`: moves the target to what a run has integrated. */
export async function land(context: CommandContext): Promise<number> {
  const { io, json, args } = context;
  const [runId] = args;
  return withCoordinator(context, async (coordinator) => {
    try {
      const result = await coordinator.land(runId === undefined ? {} : { runId });
      if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...result });
      else
        for (const line of resultLines(result, colours(io.env, io.stdout.isTTY === true)))
          printLine(io, line);
      return result.totals?.integrated === 0 ? exitCodes.ok : exitCodes.tasksFailed;
    } catch (error) {
      if (!hasCode(error, 'PWT_NO_RUN')) throw error;
      if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, tasks: [] });
      else printLine(io, 'Nothing to land.');
      return exitCodes.ok;
    }
  });
}

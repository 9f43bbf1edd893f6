import { hasCode } from '@pwt/core';
import type { ResumeRequest } from '@pwt/default';
import type { CommandContext } from './command-context.js';
import { driveRun } from './drive-run.js';
import { exitCodes } from './exit-code.js';
import { printJson, printLine } from './io.js';
import { nothingToDo } from './json/nothing-to-do.js';
import { withCoordinator } from './open.js';
import { sinkFor } from './view/run-sinks.js';

/** Goes on with a run, whatever there is left to do in it. */
export async function continueRun(context: CommandContext, request: ResumeRequest): Promise<number> {
  const { io, json } = context;
  try {
    const { runId, history } = await withCoordinator(context, (coordinator) => coordinator.findRun(request));
    const sink = await sinkFor(io, json, history);
    return await withCoordinator(
      context,
      (coordinator) => driveRun(context, coordinator, () => coordinator.resume({ ...request, runId })),
      [sink],
    );
  } catch (error) {
    if (!hasCode(error, 'PWT_NO_RUN') || request.retry !== undefined) throw error;
    if (json) printJson(io, nothingToDo({ success: true, notRun: [] }));
    else printLine(io, 'Nothing to resume.');
    return exitCodes.ok;
  }
}

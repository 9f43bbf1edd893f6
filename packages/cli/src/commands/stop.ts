import { stopOtherRun } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt stop`: asks the active run to stop, or to stop some of its tasks. */
export async function stop(context: CommandContext): Promise<number> {
  const { io, json, flags, args } = context;
  if (args.length > 0) return stopTasks(context);
  return withCoordinator(context, async ({ project }) => {
    const mode = flags.now === true ? 'now' : 'drain';
    const asked = await stopOtherRun(project, mode);
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, stopped: asked ?? null, mode });
    else if (!asked) printLine(io, 'No run is active.');
    else {
      const what = mode === 'now' ? 'ends its agents now' : 'starts nothing more and lets its agents finish';
      printLine(io, `Run ${asked.runId} ${what}. Go on later with: pwt resume`);
    }
    return exitCodes.ok;
  });
}

async function stopTasks(context: CommandContext): Promise<number> {
  const { io, json, flags, args: taskIds } = context;
  if (flags.now === true) throw usageError('--now is for the whole run: leave it out, or the ids.');
  return withCoordinator(context, async (coordinator) => {
    const said = await coordinator.stopTasks({ taskIds });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...said });
    else {
      const tasks = `${said.taskIds.length === 1 ? 'Task' : 'Tasks'} ${said.taskIds.join(', ')}`;
      const when = said.active
        ? 'now, and the rest of the run goes on.'
        : `once the run goes on: pwt resume ${said.runId}`;
      printLine(io, `${tasks} will be stopped ${when}`);
    }
    return exitCodes.ok;
  });
}

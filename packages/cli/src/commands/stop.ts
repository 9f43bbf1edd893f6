import { stopOtherRun } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt stop`: asks the active run to stop. */
export async function stop(context: CommandContext): Promise<number> {
  const { io, json, flags } = context;
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

import type { CleanedWorkspace, Force } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';

const forceFlags: Readonly<Record<Force, string>> = { dirty: '--force-dirty', unmerged: '--force-unmerged' };

/** `pwt clean`: removes what is safe to remove. */
export async function clean(context: CommandContext): Promise<number> {
  const { io, json, flags, args } = context;
  const force: Force[] = [
    ...(flags.forceDirty === true ? (['dirty'] as const) : []),
    ...(flags.forceUnmerged === true ? (['unmerged'] as const) : []),
  ];
  return withCoordinator(context, async (coordinator) => {
    const dryRun = flags.dryRun === true;
    const { workspaces, purged } = await coordinator.clean({
      force,
      dryRun,
      taskIds: args,
    });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, workspaces, purged });
    else {
      if (workspaces.length === 0 && purged === 0) printLine(io, 'Nothing to clean.');
      for (const entry of workspaces) printLine(io, cleanedLine(entry));
      if (purged > 0) printLine(io, `emptied ${purged} old entries of the trash`);
    }
    return exitCodes.ok;
  });
}

function cleanedLine({ workspace, outcome }: CleanedWorkspace): string {
  const { path } = workspace;
  if (outcome.status === 'would-remove') return `would remove ${path}`;
  if (outcome.status !== 'kept') return `removed ${path}`;
  const { reason, message } = outcome;
  const flag = reason === 'dirty' || reason === 'unmerged' ? ` (${forceFlags[reason]} gives it up)` : '';
  return `kept ${path}: ${message}${flag}`;
}

import { type Expiry, placeText, shellQuote } from '@pwt/core';
import type { CleanedWorkspace, Force, PwtCoordinator } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { oneLine } from '../format/text.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { usageError } from '../options/usage.js';
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
    const { abandon } = flags;
    if (Array.isArray(abandon)) return giveUp(context, coordinator, abandon);
    const { workspaces, kept } = await coordinator.clean({ force, dryRun, taskIds: args });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, workspaces, kept });
    else {
      if (workspaces.length === 0 && kept.length === 0) printLine(io, 'Nothing to clean.');
      for (const entry of workspaces) printLine(io, oneLine(cleanedLine(entry)));
      for (const entry of kept) printLine(io, oneLine(expiryLine(entry, dryRun)));
    }
    return exitCodes.ok;
  });
}

/** Nothing else is cleaned with it: what was asked for is what is done. */
async function giveUp(
  { io, json, args, flags }: CommandContext,
  coordinator: PwtCoordinator,
  typed: readonly string[],
): Promise<number> {
  if (args.length > 0 || flags.dryRun === true)
    throw usageError('--abandon stands alone: pwt clean --abandon <ids...>');
  const { state, taskIds } = await coordinator.abandon({ taskIds: typed });
  const tasks = [...state.tasks.values()].filter(({ task }) => taskIds.includes(task.id));
  if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, runId: state.runId, abandoned: taskIds });
  for (const { task } of json ? [] : tasks) {
    const isKept = state.snapshots.some(({ taskId }) => taskId === task.id);
    const back = isKept
      ? `; what it had is in a snapshot: ${restoreCommand({ ...state, taskId: task.id })}`
      : '';
    printLine(io, oneLine(`gave up ${task.id}${back}`));
  }
  return exitCodes.ok;
}

function cleanedLine({ workspace, outcome }: CleanedWorkspace): string {
  const { path, taskId } = workspace;
  const place = placeText(workspace);
  switch (outcome.status) {
    case 'would-remove':
      return `would remove ${place}`;
    case 'unforeseen':
      return `${workspace.provider} can't tell what it would do with ${place}`;
    case 'kept':
      return `kept ${path}: ${outcome.message}${forceHint(outcome, taskId)}`;
    default: {
      const back = outcome.snapshot && `; what it had is in a snapshot: ${restoreCommand(workspace)}`;
      return `removed ${place}${back ?? ''}`;
    }
  }
}

function forceHint(
  { reason, hint }: Extract<CleanedWorkspace['outcome'], { status: 'kept' }>,
  taskId: string | undefined,
): string {
  if (hint !== undefined) return `. First: ${hint}`;
  if (taskId === undefined || (reason !== 'dirty' && reason !== 'unmerged')) return '';
  return `. To remove it all the same, with a snapshot of it: pwt clean ${forceFlags[reason]} ${shellQuote(taskId)}`;
}

/** Something that is kept for a time, or was. */
function expiryLine(entry: Expiry, dryRun: boolean): string {
  const what = expiryText(entry);
  if (entry.status === 'deleted') return `${dryRun ? 'would delete' : 'deleted'} ${what}`;
  const { deletableFrom, kind } = entry;
  const back = kind === 'snapshot' ? `. To restore it: ${restoreCommand(entry)}` : '';
  return `${what}: the first pwt clean after ${new Date(deletableFrom).toISOString().slice(0, 16)}Z deletes it${back}`;
}

function expiryText({ kind, name, taskId, runId }: Expiry): string {
  const whose =
    taskId === undefined ? '' : ` of task ${taskId}${runId === undefined ? '' : ` (run ${runId})`}`;
  return kind === 'snapshot' ? `snapshot${whose}` : `ignored files${whose} in ${name}`;
}

/** The commands that show it and restore it. */
function restoreCommand({ taskId, runId }: { readonly taskId?: string; readonly runId?: string }): string {
  const run = runId === undefined ? '' : ` --run ${shellQuote(runId)}`;
  return `pwt restore ${shellQuote(taskId ?? '')}${run}`;
}

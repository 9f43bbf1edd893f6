import { readFile } from 'node:fs/promises';
import type { RunState } from '@pwt/core';
import { agentLogs, gateLogs, type RunLogFile } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { unguarded } from '../format/guarded.js';
import { printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { requireRun } from '../require-run.js';
import { taskDetail } from '../view/task-line.js';
import { lastLines, lastLinesOf } from './last-lines.js';

/** `pwt logs`: what agents and gates have printed. */
export async function logs(context: CommandContext): Promise<number> {
  const { io, json, flags, args } = context;
  const tail = numberOf('--tail', 'of lines', flags.tail) ?? Number.POSITIVE_INFINITY;
  const attempt = numberOf('--attempt', 'of an attempt', flags.attempt);
  if (attempt !== undefined && flags.gate === true)
    throw usageError('--attempt is about agents, --gate about gates: give one of them.');
  if (attempt !== undefined && flags.follow === true)
    throw usageError('--attempt is about what is over, --follow about what comes: give one of them.');
  return withCoordinator(context, async (coordinator) => {
    const { state, taskIds } = await requireRun(context, coordinator);
    if (flags.follow === true) {
      const { follow } = await import('./logs-follow.js');
      if (!json && flags.raw !== true && flags.gate !== true && args.length > 0)
        sayWhatWaits(context, state, taskIds);
      return follow(context, coordinator, { runId: state.runId, taskIds, tail });
    }
    const found =
      flags.gate === true
        ? await gateLogs(coordinator.project, state, args.length === 0 ? undefined : taskIds)
        : await agentLogs(state, taskIds, attempt);
    if (flags.raw === true && !json) {
      for (const { file } of found) unguarded(io.stdout).write(lastLinesOf(await readFile(file), tail));
      return exitCodes.ok;
    }
    const shown = found.map(({ raw, ...log }) => {
      const text = flags.raw === true ? (raw ?? log.text) : log.text;
      return { ...log, text: lastLines(text, tail) };
    });
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, runId: state.runId, logs: shown });
    else printLogs(context, shown);
    return exitCodes.ok;
  });
}

/** Nothing is printed by a task that has not begun: on a terminal it is said that it waits, and for what. */
function sayWhatWaits({ io }: CommandContext, state: RunState, taskIds: readonly string[]): void {
  if (io.stdout.isTTY !== true) return;
  const { dim } = colours(io.env, true);
  for (const id of taskIds) {
    const task = state.tasks.get(id);
    if (task?.phase === 'waiting') printLine(io, dim(`${id} has not begun: ${taskDetail(task, state)}`));
  }
}

function printLogs({ io }: CommandContext, shown: readonly RunLogFile[]): void {
  const { bold } = colours(io.env, io.stdout.isTTY === true);
  if (shown.length === 0) printLine(io, 'Nothing has been printed.');
  for (const { label, stream, file, text } of shown) {
    printLine(io, bold(`${label} ${stream}: ${file}`));
    printLine(io, text.trimEnd());
  }
}

function numberOf(flag: string, what: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw usageError(`${flag} needs a number ${what}, not ${JSON.stringify(value)}.`);
}

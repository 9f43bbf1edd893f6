import { defined, hasCode, isOpenError, type TaskStatus } from '@pwt/core';
import { hasWorkToLand, nextSteps, type PwtCoordinator, type ReadRun, type RunResult } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import { printJson, printLine } from '../io.js';
import { resultDiagnosticJson } from '../json/place-json.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { findingText } from '../view/finding-text.js';
import { nextStepLines } from '../view/next-steps-text.js';
import { resultLines } from '../view/result-text.js';

/** `pwt land`: moves the target to what a run has integrated, or to a part of it, or says why not. */
export async function land(context: CommandContext): Promise<number> {
  const { io, json, flags } = context;
  return withCoordinator(context, async (coordinator) => {
    const { runId, taskIds } = await readArguments(context, coordinator);
    const named = defined({ runId });
    const request = { ...named, ontoRewritten: flags.ontoRewritten === true };
    if (taskIds.length > 0) {
      const result = await coordinator.land({ ...request, taskIds });
      const select = await coordinator.selectTasks(taskIds);
      return landSome(context, result, select(result.tasks.map(({ taskId }) => ({ id: taskId }))));
    }
    const found = await coordinator.readRun(named);
    // A run that is named has nothing to land if it is all on the target; otherwise an older one may have.
    const isDone = found !== undefined && found.damage === undefined && !hasWorkToLand(found.state, request);
    if (runId !== undefined && (found === undefined || isDone)) return nothingToLand(context, found);
    try {
      const result = await coordinator.land(request);
      if (json) printJson(io, landedJson(result));
      else
        for (const line of resultLines(result, colours(io.env, io.stdout.isTTY === true), {
          columns: io.stdout.columns,
        }))
          printLine(io, line);
      return isAllLanded(result, found) ? exitCodes.ok : exitCodes.tasksFailed;
    } catch (error) {
      if (!hasCode(error, 'PWT_NO_RUN')) throw error;
      return nothingToLand(context, found);
    }
  });
}

/** A run id of its own, as it was written before tasks could be named: `pwt land <run-id>`. */
const RUN_ID = /^\d{8}-\d{6}-[0-9a-z]{4}$/;

async function readArguments(
  { args, flags }: CommandContext,
  coordinator: PwtCoordinator,
): Promise<{ readonly runId?: string; readonly taskIds: readonly string[] }> {
  const flag = typeof flags.run === 'string' ? flags.run : undefined;
  const [first] = args;
  const isRun = args.length === 1 && first !== undefined && flag === undefined;
  if (isRun && (RUN_ID.test(first) || (await coordinator.runs.list()).includes(first)))
    return { runId: first, taskIds: [] };
  return { ...defined({ runId: flag }), taskIds: args };
}

/** With review, a task whose conflict was resolved lands by being named once more. */
const DONE: readonly TaskStatus[] = ['landed', 'integrated', 'ready'];

/** What became of the work of some tasks. */
function landSome({ io, json }: CommandContext, result: RunResult, taskIds: readonly string[]): number {
  if (json) printJson(io, landedJson(result));
  else
    for (const line of resultLines(result, colours(io.env, io.stdout.isTTY === true), {
      columns: io.stdout.columns,
    }))
      printLine(io, line);
  const hasLanded = result.tasks.every(
    ({ taskId, status }) => !taskIds.includes(taskId) || DONE.includes(status),
  );
  return result.declined === undefined && hasLanded ? exitCodes.ok : exitCodes.tasksFailed;
}

function landedJson(result: RunResult): Record<string, unknown> {
  const diagnostics = result.diagnostics.map(resultDiagnosticJson);
  return { schemaVersion: SCHEMA_VERSION, ...result, diagnostics };
}

/** True if all that was tested before is on the target: onto a rewritten one, a task may not fit any more. */
function isAllLanded({ tasks, totals, runId, findings }: RunResult, found: ReadRun | undefined): boolean {
  const before = found?.state.runId === runId ? found?.state.tasks : undefined;
  const open = (totals?.integrated ?? 0) + (totals?.ready ?? 0);
  const lost = tasks.filter(
    ({ taskId, status }) => before?.get(taskId)?.outcome === 'integrated' && status !== 'landed',
  );
  return open === 0 && lost.length === 0 && !findings.some(isOpenError);
}

/** Says why there is nothing to land, and what would change that. */
function nothingToLand({ io, json }: CommandContext, found: ReadRun | undefined): number {
  const next = found === undefined ? [] : nextSteps(found.state, found);
  const reason = reasonOf(found);
  if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, tasks: [], reason, next });
  else for (const line of [`Nothing to land: ${reason}`, ...nextStepLines(next)]) printLine(io, line);
  const isWrong = found?.state.findings.some(isOpenError) === true;
  return next.length === 0 && !isWrong ? exitCodes.ok : exitCodes.tasksFailed;
}

function reasonOf(found: ReadRun | undefined): string {
  if (found === undefined) return 'there has been no run yet. Start one with: pwt run';
  const { runId, tasks, target } = found.state;
  const hasLanded = [...tasks.values()].some(({ outcome }) => outcome === 'landed');
  if (!hasLanded) return `no task of run ${runId} has come through its tests.`;
  const since = found.state.findings
    .filter(isOpenError)
    .map((finding) => ` ${oneLine(findingText(finding))}`);
  return `all that run ${runId} has tested has landed on ${target}.${since.join('')}`;
}

import type { RunState } from '@pwt/core';
import {
  type DamagedRun,
  nextSteps,
  type PwtCoordinator,
  RECENT_RUNS,
  type ReadRun,
  type ReadRunRequest,
  resultOf,
} from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { colours } from '../format/colours.js';
import { alignColumns, oneLine } from '../format/text.js';
import { type Io, printJson, printLine } from '../io.js';
import { withCoordinator } from '../open.js';
import { SCHEMA_VERSION } from '../report-error.js';
import { attemptLines } from '../view/attempt-text.js';
import { findingText } from '../view/finding-text.js';
import { gateWarningLines } from '../view/gate-warnings.js';
import { machineLines, refusingLines } from '../view/machines-text.js';
import { nextStepLines } from '../view/next-steps-text.js';
import { wordWrapped } from '../view/page.js';
import { overText, renderRun } from '../view/render-run.js';
import { resultLines, snapshotLines } from '../view/result-text.js';
import { sightingLines } from '../view/sighting-text.js';
import { timeLeft } from '../view/time-left.js';
import { watchRun } from './status-watch.js';

/** `pwt status`: the current or last run, or all of them. */
export async function status(context: CommandContext): Promise<number> {
  const { io, json, flags } = context;
  const request = typeof flags.run === 'string' ? { runId: flags.run } : {};
  return withCoordinator(context, async (coordinator) => {
    if (flags.all === true)
      await printAll(context, await coordinator.runs.states(), await coordinator.runs.damaged());
    else if (flags.watch === true) return watch(context, coordinator, request);
    else if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...(await coordinator.status(request)) });
    else {
      await printRun(io, await coordinator.readRun(request));
      printDamaged(io, await coordinator.runs.damaged({ newest: RECENT_RUNS }));
    }
    return exitCodes.ok;
  });
}

async function watch(
  context: CommandContext,
  coordinator: PwtCoordinator,
  request: ReadRunRequest,
): Promise<number> {
  const { io, json } = context;
  const report = async () => {
    if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...(await coordinator.status(request)) });
    else await printRun(io, await coordinator.readRun(request));
  };
  const found = await coordinator.readRun(request);
  if (found?.active) return watchRun(context, coordinator, found.state.runId, report);
  await report();
  return exitCodes.ok;
}

async function printRun(io: Io, found: ReadRun | undefined): Promise<void> {
  if (!found) return printLine(io, 'No run yet. Start one with: pwt run');
  const { state, active, damage } = found;
  const { stdout, env } = io;
  const painted = colours(env, stdout.isTTY === true);
  // The process of a run that is over may take a moment to end.
  if (!active || state.status === 'finished' || state.status === 'interrupted') {
    // Nothing can go on from a log that can't be read to its end; what is said of that says what can be done.
    const result = damage === undefined ? resultOf(found) : { ...resultOf(found), next: [] };
    const said = resultLines(result, painted, { more: attemptLines(state), columns: stdout.columns });
    const lines = [overText(state), ...said, ...refusingLines(state.resources?.machines)];
    for (const line of lines) printLine(io, line);
    return;
  }
  const options = { now: Date.now(), columns: stdout.columns ?? 120, rows: Number.POSITIVE_INFINITY };
  const lines = [
    ...renderRun(state, { ...options, colours: painted, left: timeLeft(state, options.now) }),
    ...machineLines(state.resources?.machines),
    ...attemptLines(state),
    ...sightingLines(state),
    ...gateWarningLines(state.diagnostics),
    ...state.findings.flatMap((finding) => wordWrapped(oneLine(findingText(finding)), stdout.columns)),
    ...snapshotLines(state.snapshots),
    ...nextStepLines(nextSteps(state, found), state.findings),
  ];
  for (const line of lines) printLine(io, line);
}

function printDamaged(io: Io, damaged: readonly DamagedRun[]): void {
  for (const { runId, damage } of damaged) {
    printLine(io, `Run ${runId} is damaged: ${damage.message}`);
    if (damage.hint !== undefined) printLine(io, `  ${damage.hint}`);
  }
}

async function printAll(
  { io, json }: CommandContext,
  states: readonly RunState[],
  damaged: readonly DamagedRun[],
): Promise<void> {
  if (json) {
    const runs = states.map(({ runId, status: state, startedAt, target, tasks }) => ({
      runId,
      status: state,
      startedAt: startedAt === undefined ? null : new Date(startedAt),
      target,
      tasks: tasks.size,
    }));
    const damagedRuns = damaged.map(({ runId, damage }) => ({ runId, ...damage.toJSON() }));
    return printJson(io, { schemaVersion: SCHEMA_VERSION, runs, damagedRuns });
  }
  const rows = states.map(({ runId, status: state, target = '', tasks }) => {
    const done = [...tasks.values()].filter(
      ({ outcome }) => outcome === 'landed' || outcome === 'integrated',
    ).length;
    return [runId, state, `${done}/${tasks.size}`, target];
  });
  for (const line of alignColumns(rows)) printLine(io, line);
  printDamaged(io, damaged);
}

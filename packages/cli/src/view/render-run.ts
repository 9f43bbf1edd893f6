import { capText, occupiesSlot, type RunningGate, type RunState, runUsage, type TaskState } from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine, truncate } from '../format/text.js';
import { formatDuration } from '../format/units.js';
import { padTo } from '../format/width.js';
import { runningGateText } from './gate-text.js';
import { machinesText } from './machines-text.js';
import { pauseText } from './pause-text.js';
import { paintedStatus, taskDetail, taskDurationMs } from './task-line.js';
import { type TimeLeft, timeLeftText } from './time-left.js';
import { usageText } from './usage-text.js';

export interface RenderOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly columns: number;
  /** At most so many lines. */
  readonly rows: number;
  readonly colours: Colours;
  /** How long it still takes, where that is known. */
  readonly left?: TimeLeft | undefined;
}

const STATUS_WIDTH = 13;
const BAR_WIDTH = 10;

/** A run as a terminal shows it: one line for the whole, one for each gate that runs, one for each task, what happens now first. Pure. */
export function renderRun(state: RunState, options: RenderOptions): string[] {
  const tasks = inDisplayOrder(state);
  const gates = state.gating.map((gate) => gateLine(gate, options));
  const pauses = state.status === 'finished' ? [] : pauseLines(state, options);
  const fleet = state.status === 'finished' ? [] : fleetLines(state, options);
  const room = Math.max(1, options.rows - 2 - gates.length - pauses.length - fleet.length);
  const shown = tasks.length > room ? tasks.slice(0, room - 1) : tasks;
  const idWidth = Math.max(0, ...shown.map(({ task }) => task.id.length));
  return [
    truncate(headline(state, options), options.columns),
    ...fleet,
    ...pauses,
    ...gates,
    ...shown.map((task) => taskLine(task, state, idWidth, options)),
    ...(shown.length < tasks.length
      ? [options.colours.dim(`… and ${tasks.length - shown.length} more`)]
      : []),
  ];
}

/** A run that no process drives, in one line; the report says the rest. Pure. */
export function overText({ runId, target, status, startedAt, lastEventAt, summary }: RunState): string {
  const word = status === 'finished' ? 'finished' : 'interrupted';
  const span = startedAt === undefined || lastEventAt === undefined ? undefined : lastEventAt - startedAt;
  const ms = summary?.durationMs ?? span;
  return `pwt ${runId} onto ${target ?? '?'} · ${word}${ms === undefined ? '' : ` after ${formatDuration(ms)}`}`;
}

/** The whole run in one line; what a narrow terminal cuts off comes last. */
function headline(state: RunState, { now, left }: RenderOptions): string {
  const tasks = [...state.tasks.values()];
  const done = tasks.filter((task) => task.outcome === 'landed' || task.outcome === 'integrated').length;
  const ended = tasks.filter((task) => task.outcome !== undefined).length;
  const running = tasks.filter(occupiesSlot).length;
  const { resources, startedAt } = state;
  return [
    `${bar(ended, tasks.length)} ${done}/${tasks.length} done${ended > done ? `, ${ended - done} not` : ''}`,
    ...[timeLeftText(left)].filter((text) => text !== ''),
    `${running} running`,
    ...(startedAt === undefined ? [] : [formatDuration(Math.max(0, now - startedAt))]),
    ...[usageText(runUsage(state))].filter((used) => used !== ''),
    ...(resources
      ? [`CPU ${Math.round(resources.cpuPercent)} %`, `memory ${Math.round(resources.memoryPercent)} %`]
      : []),
    `onto ${state.target ?? '?'}`,
    `pwt ${state.runId}`,
  ].join(' · ');
}

/** How much has ended, as a bar. */
function bar(ended: number, all: number): string {
  const full = all === 0 ? 0 : Math.floor((BAR_WIDTH * ended) / all);
  return `${'▰'.repeat(full)}${'▱'.repeat(BAR_WIDTH - full)}`;
}

/** The machines, where agents work on others than this one. */
function fleetLines({ resources }: RunState, { columns, colours }: RenderOptions): string[] {
  const text = machinesText(resources?.machines);
  return text === '' ? [] : [colours.dim(truncate(`⌂ ${text}`, columns))];
}

function pauseLines(state: RunState, { columns, colours }: RenderOptions): string[] {
  const { agentPauses, capReached, paused: reason, status } = state;
  const paused = Object.entries(agentPauses).map(([agent, pause]) => pauseText({ agent, ...pause }));
  const capped = capReached === undefined ? [] : [`nothing starts: ${capText(capReached)}`];
  const busy = reason === undefined || status !== 'running' ? [] : [`no new starts: ${oneLine(reason)}`];
  return [...paused, ...capped, ...busy].map((text) => colours.red(truncate(`‖ ${text}`, columns)));
}

function gateLine(gate: RunningGate, { now, columns, colours }: RenderOptions): string {
  return colours.cyan(truncate(oneLine(`◆ ${runningGateText(gate, now)}`), columns));
}

function taskLine(
  task: TaskState,
  run: RunState,
  idWidth: number,
  { now, columns, colours }: RenderOptions,
): string {
  const durationMs = taskDurationMs(task, now);
  const duration = (durationMs === undefined ? '' : formatDuration(durationMs)).padStart(7);
  const room = columns - STATUS_WIDTH - idWidth - duration.length - 6;
  const titleRoom = Math.max(8, Math.floor(room * 0.4));
  const title = padTo(truncate(oneLine(task.task.title), titleRoom), titleRoom);
  const detail = truncate(taskDetail(task, run), Math.max(0, room - titleRoom));
  return `${paintedStatus(task, run, colours)} ${task.task.id.padEnd(idWidth)}  ${title} ${duration}  ${colours.dim(detail)}`.trimEnd();
}

/** What happens now, then what waits, then what has ended; within each in the run's order. */
function inDisplayOrder(state: RunState): TaskState[] {
  const ordered = state.order.flatMap((id) => state.tasks.get(id) ?? []);
  const planned = new Set(state.order);
  const tasks = [...ordered, ...[...state.tasks.values()].filter(({ task }) => !planned.has(task.id))];
  const rank = (task: TaskState): number =>
    task.outcome !== undefined ? 2 : task.phase === 'waiting' ? 1 : 0;
  return tasks.sort((a, b) => rank(a) - rank(b));
}

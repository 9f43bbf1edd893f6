import {
  applyEvent,
  type EventSink,
  emptyRunState,
  type Finding,
  type RunEvent,
  type RunState,
} from '@pwt/core';
import { colours } from '../format/colours.js';
import { unguarded } from '../format/guarded.js';
import { printable } from '../format/printable.js';
import { oneLine, truncate } from '../format/text.js';
import type { Io } from '../io.js';
import { printJson, printLine } from '../io.js';
import { workingText } from './activity-text.js';
import { endingText, isEnding } from './ending-text.js';
import { clockTime, eventLine, startNotes, warningText } from './event-line.js';
import { findingText, isSaidBy } from './finding-text.js';
import { renderRun } from './render-run.js';

const REFRESH_MS = 200;
/** How often lines say what a run still does that starts nothing more. */
const ENDING_MS = 1500;
/** How often it is said in lines what an agent does of which no event has told; at least once a minute, with a look's delay. */
const WORKING_MS = 50_000;
const LOOK_MS = 5_000;

/** Shows a run while it goes on. */
export interface RunView extends EventSink {
  /** The run was told to stop: from here on it is said what is waited for. */
  stopping(): void;
}

/** Events as NDJSON: one object per line, exactly as they are in the journal. The run's end is the last line. */
function jsonSink(io: Io): RunView {
  let end: RunEvent | undefined;
  return {
    name: 'json',
    onEvent(event) {
      if (event.type === 'run-finished' || event.type === 'run-interrupted') end = event;
      else printJson(io, event);
    },
    stopping: () => undefined,
    // A sink that failed on the end itself has made a warning since.
    async close() {
      if (end) printJson(io, end);
    },
  };
}

/**
 * Events as plain lines, for pipes. Of an agent at work something is said once a minute at least. A run that comes to its end
 * says every other second what it still does.
 */
export function lineSink(io: Io, history: readonly RunEvent[] = []): RunView {
  let state = history.reduce(applyEvent, emptyRunState(''));
  const isSaid = saidBefore();
  let isStopping = false;
  const timer = setInterval(() => {
    if (state.status === 'running' && (isStopping || isEnding(state)))
      printLine(io, `${clockTime(Date.now())} ${oneLine(endingText(state))}`);
  }, ENDING_MS).unref();
  /** When something was last said of a task. */
  const saidAt = new Map<string, number>();
  const looking = setInterval(() => {
    const now = Date.now();
    for (const task of state.tasks.values()) {
      const { id } = task.task;
      if (task.phase !== 'running' || state.status !== 'running') continue;
      if (now - (saidAt.get(id) ?? 0) < WORKING_MS) continue;
      saidAt.set(id, now);
      printLine(io, `${clockTime(now)} ${workingText(task, now)}`);
    }
  }, LOOK_MS).unref();
  return {
    name: 'lines',
    onEvent(event) {
      state = applyEvent(state, event);
      const line = isSaid(event) ? undefined : eventLine(event);
      if (line !== undefined) printLine(io, line);
      if (line !== undefined && event.taskId !== undefined) saidAt.set(event.taskId, Date.now());
      for (const note of startNotes(event)) printLine(io, note);
    },
    stopping() {
      isStopping = true;
    },
    async close() {
      clearInterval(timer);
      clearInterval(looking);
    },
  };
}

/**
 * A view that is drawn over and over on a terminal.
 *
 * @param history what happened before, for a run that goes on
 */
async function liveSink(io: Io, history: readonly RunEvent[] = []): Promise<RunView> {
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(unguarded(io.stdout) as NodeJS.WriteStream);
  const painted = colours(io.env, true);
  let state: RunState = history.reduce(applyEvent, emptyRunState(''));
  const isSaid = saidBefore();
  let isStopping = false;
  const refresh = (): void => {
    if (state.status === 'empty') return;
    const { columns = 100, rows = 30 } = io.stdout;
    const ending = isStopping || isEnding(state) ? [truncate(oneLine(endingText(state)), columns)] : [];
    const view = { now: Date.now(), columns, rows: rows - 1 - ending.length, colours: painted };
    draw(printable([...renderRun(state, view), ...ending].join('\n')));
  };
  const timer = setInterval(refresh, REFRESH_MS).unref();
  return {
    name: 'live-view',
    onEvent(event) {
      state = applyEvent(state, event);
      for (const note of startNotes(event)) draw.persist(printable(note));
      if (isSaid(event)) return;
      if (event.type === 'warning') draw.persist(printable(oneLine(warningText(event.diagnostic))));
      if (event.type === 'finding') draw.persist(printable(oneLine(findingText(event.finding))));
    },
    stopping() {
      isStopping = true;
    },
    async close() {
      clearInterval(timer);
      // What the run has come to is printed below; the view has said what it had to say.
      draw.clear();
      draw.done();
    },
  };
}

/** Sees all events, and tells of each whether it only repeats what a finding before it has said. */
function saidBefore(): (event: RunEvent) => boolean {
  const findings: Finding[] = [];
  return (event) => {
    if (event.type === 'finding') findings.push(event.finding);
    return event.type === 'warning' && findings.some((finding) => isSaidBy(finding, event.diagnostic));
  };
}

/** The sink that fits where the output goes. */
export async function sinkFor(io: Io, json: boolean, history?: readonly RunEvent[]): Promise<RunView> {
  if (json) return jsonSink(io);
  return io.stdout.isTTY ? liveSink(io, history) : lineSink(io, history);
}

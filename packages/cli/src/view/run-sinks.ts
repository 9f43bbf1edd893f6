import { applyEvent, defined, type EventSink, emptyRunState, type RunEvent } from '@pwt/core';
import { oneLine } from '../format/text.js';
import type { Io } from '../io.js';
import { printJson, printLine } from '../io.js';
import { workingText } from './activity-text.js';
import { endingText, isEnding } from './ending-text.js';
import { clockTime, eventLine, startNotes } from './event-line.js';
import { liveSink } from './live-sink.js';
import { saidBefore } from './said-before.js';
import { stopText } from './stop-text.js';

/** How often lines say what a run still does that starts nothing more. */
const ENDING_MS = 1500;
/** How often it is said in lines what an agent does of which no event has told; at least once a minute, with a look's delay. */
const WORKING_MS = 50_000;
const LOOK_MS = 5_000;

/** Shows a run while it goes on. */
export interface RunView extends EventSink {
  /** The run is told to stop: what happens now is said at once, and from here on what is waited for. */
  stopping(mode: 'drain' | 'now'): void;
}

/** Events as NDJSON: one object per line, exactly as they are in the journal. The run's end is the last line. */
function jsonSink(io: Io, history: readonly RunEvent[] = []): RunView {
  let end: RunEvent | undefined;
  let state = history.reduce(applyEvent, emptyRunState(''));
  return {
    name: 'json',
    onEvent(event) {
      state = applyEvent(state, event);
      if (event.type === 'run-finished' || event.type === 'run-interrupted') end = event;
      else printJson(io, event);
    },
    stopping: (mode) => void io.stderr.write(`\n${stopText(state, mode)}\n`),
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
    if (state.status === 'running' && (isStopping || state.stopping !== undefined || isEnding(state)))
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
    stopping(mode) {
      isStopping = true;
      io.stderr.write(`\n${stopText(state, mode)}\n`);
    },
    async close() {
      clearInterval(timer);
      clearInterval(looking);
    },
  };
}

/** The sink that fits where the output goes. */
export async function sinkFor(io: Io, json: boolean, history?: readonly RunEvent[]): Promise<RunView> {
  if (json) return jsonSink(io, history);
  return io.stdout.isTTY ? liveSink(io, defined({ history })) : lineSink(io, history);
}

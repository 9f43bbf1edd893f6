import { applyEvent, type EventSink, emptyRunState, type RunEvent, type RunState } from '@pwt/core';
import { colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import type { Io } from '../io.js';
import { printJson, printLine } from '../io.js';
import { eventLine, warningText } from './event-line.js';
import { findingText } from './finding-text.js';
import { renderRun } from './render-run.js';

const REFRESH_MS = 200;

/** Events as NDJSON: one object per line, exactly as they are in the journal. The run's end is the last line. */
function jsonSink(io: Io): EventSink {
  let end: RunEvent | undefined;
  return {
    onEvent(event) {
      if (event.type === 'run-finished' || event.type === 'run-interrupted') end = event;
      else printJson(io, event);
    },
    // A sink that failed on the end itself has made a warning since.
    async close() {
      if (end) printJson(io, end);
    },
  };
}

/** Events as plain lines, for pipes. */
function lineSink(io: Io): EventSink {
  return {
    onEvent(event) {
      const line = eventLine(event);
      if (line !== undefined) printLine(io, line);
    },
  };
}

/**
 * A view that is drawn over and over on a terminal.
 *
 * @param history what happened before, for a run that goes on
 */
async function liveSink(io: Io, history: readonly RunEvent[] = []): Promise<EventSink> {
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(io.stdout as NodeJS.WriteStream);
  const painted = colours(io.env, true);
  let state: RunState = emptyRunState('');
  for (const event of history) state = applyEvent(state, event);
  const refresh = (): void => {
    if (state.status === 'empty') return;
    const { columns = 100, rows = 30 } = io.stdout;
    draw(renderRun(state, { now: Date.now(), columns, rows: rows - 1, colours: painted }).join('\n'));
  };
  const timer = setInterval(refresh, REFRESH_MS).unref();
  return {
    onEvent(event) {
      state = applyEvent(state, event);
      if (event.type === 'warning') draw.persist(oneLine(warningText(event.diagnostic)));
      if (event.type === 'finding') draw.persist(oneLine(findingText(event.finding)));
    },
    async close() {
      clearInterval(timer);
      // What the run has come to is printed below; the view has said what it had to say.
      draw.clear();
      draw.done();
    },
  };
}

/** The sink that fits where the output goes. */
export async function sinkFor(io: Io, json: boolean, history?: readonly RunEvent[]): Promise<EventSink> {
  if (json) return jsonSink(io);
  return io.stdout.isTTY ? liveSink(io, history) : lineSink(io);
}

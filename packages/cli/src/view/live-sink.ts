import { applyEvent, emptyRunState, type RunEvent, type RunState } from '@pwt/core';
import { colours } from '../format/colours.js';
import { unguarded } from '../format/guarded.js';
import { printable } from '../format/printable.js';
import { oneLine, truncate } from '../format/text.js';
import type { Io } from '../io.js';
import { endingText, isEnding } from './ending-text.js';
import { startNotes, warningText } from './event-line.js';
import { findingText } from './finding-text.js';
import { wordWrapped } from './page.js';
import { questionLines } from './question-text.js';
import { renderRun } from './render-run.js';
import type { RunView } from './run-sinks.js';
import { saidBefore } from './said-before.js';
import { keysText, stopText } from './stop-text.js';
import { type TimeLeft, timeLeft } from './time-left.js';

const REFRESH_MS = 200;
/** How often it is played anew what is left, at least. */
const FORECAST_MS = 5_000;
/** How often, where tasks have moved: it takes a while for many tasks. */
const MOVED_MS = 1_000;

export interface LiveOptions {
  /** What happened before, for a run that goes on. */
  readonly history?: readonly RunEvent[];
  /** The keys that work. @default those of the process that drives the run */
  readonly keys?: (state: RunState) => string;
}

/** A view that is drawn over and over on a terminal. */
export async function liveSink(
  io: Io,
  { history = [], keys = keysText }: LiveOptions = {},
): Promise<RunView> {
  const { createLogUpdate } = await import('log-update');
  const draw = createLogUpdate(unguarded(io.stdout) as NodeJS.WriteStream);
  const painted = colours(io.env, true);
  let state: RunState = history.reduce(applyEvent, emptyRunState(''));
  const isSaid = saidBefore();
  const leftOf = forecast();
  /** Above the view, and stays there. */
  const say = (text: string): void => {
    const { columns = 100 } = io.stdout;
    draw.persist(printable(wordWrapped(oneLine(text), columns).join('\n')));
  };
  const refresh = (): void => {
    if (state.status === 'empty') return;
    const { columns = 100, rows = 30 } = io.stdout;
    const now = Date.now();
    const isStopping = state.stopping !== undefined;
    const ending = isStopping || isEnding(state) ? [truncate(oneLine(endingText(state)), columns)] : [];
    const asked = questionLines(state, columns).map((line) => painted.yellow(truncate(line, columns)));
    const last = [...asked, ...ending, painted.dim(truncate(keys(state), columns))];
    const view = { now, columns, rows: rows - 1 - last.length, colours: painted, left: leftOf(state, now) };
    draw(printable([...renderRun(state, view), ...last].join('\n')));
  };
  const timer = setInterval(refresh, REFRESH_MS).unref();
  return {
    name: 'live-view',
    onEvent(event) {
      state = applyEvent(state, event);
      for (const note of startNotes(event)) say(note);
      if (isSaid(event)) return;
      if (event.type === 'warning') say(warningText(event.diagnostic));
      if (event.type === 'finding') say(findingText(event.finding));
    },
    stopping(mode) {
      say(stopText(state, mode));
      refresh();
    },
    async close() {
      clearInterval(timer);
      // What the run has come to is printed below; the view has said what it had to say.
      draw.clear();
      draw.done();
    },
  };
}

/** The time left, played anew when tasks have moved, and now and then. */
function forecast(): (state: RunState, now: number) => TimeLeft | undefined {
  let last:
    | { readonly at: number; readonly movedAt: number; readonly left: TimeLeft | undefined }
    | undefined;
  return (state, now) => {
    const { movedAt = 0 } = state;
    const age = last === undefined ? Number.POSITIVE_INFINITY : now - last.at;
    if (age > FORECAST_MS || (age > MOVED_MS && last?.movedAt !== movedAt))
      last = { at: now, movedAt, left: timeLeft(state, now) };
    return last?.left;
  };
}

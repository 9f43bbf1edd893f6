import { EVENT_VERSION, type NewRunEvent, type RunEvent, type RunState, reduceRun } from '@pwt/core';

/** The run that {@link makeEvents} is about. */
const RUN_ID = 'r1';

/** The log of run `r1` in which this has happened, an event in each millisecond from 0 on. */
export function makeEvents(...events: readonly NewRunEvent[]): RunEvent[] {
  return events.map(
    (event, at) => ({ v: EVENT_VERSION, seq: at + 1, at, runId: RUN_ID, ...event }) as RunEvent,
  );
}

/** The state of run `r1` after this has happened. */
export function makeState(...events: readonly NewRunEvent[]): RunState {
  return reduceRun(makeEvents(...events), RUN_ID);
}

import {
  type AgentExit,
  type ChangedPath,
  EVENT_VERSION,
  type NewRunEvent,
  type OpenPhase,
  type RunEvent,
  type RunState,
  reduceRun,
  type Verdict,
} from '@pwt/core';

/** The run that {@link makeEvents} is about. */
const RUN_ID = 'r1';

const BASE = 'a'.repeat(40);
const WORK = 'c'.repeat(40);
const CANDIDATE = 'b'.repeat(40);

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

/** What happens on the way, where a test is about it. */
export interface TaskEventFacts {
  readonly startedAt?: number;
  readonly exit?: AgentExit;
  readonly changes?: readonly ChangedPath[];
  readonly outside?: readonly string[];
}

/**
 * What a planned task of run `r1` goes through until it is in a phase, as a coordinator records it. Its worktree is
 * `/wt<id>`, its branch `b<id>`; it starts from `aaa…`, and its candidate is `bbb…`.
 */
export function makeTaskEvents(
  taskId: string,
  until: Exclude<OpenPhase, 'waiting'> | 'integrated',
  facts: TaskEventFacts = {},
): NewRunEvent[] {
  const { startedAt = 0, exit = { kind: 'exited', exitCode: 0, durationMs: 1 } } = facts;
  const { changes = [{ path: `${taskId}.ts`, kind: 'added' }], outside = [] } = facts;
  const way: Readonly<Record<typeof until, NewRunEvent>> = {
    dispatched: { type: 'task-dispatched', taskId, attempt: 1, base: BASE, stateDir: `/s/${taskId}` },
    prepared: {
      ...{ type: 'workspace-created', taskId },
      workspace: {
        ...{ id: taskId, provider: 'p', kind: 'task' as const, runId: RUN_ID, taskId },
        ...{ path: `/wt${taskId}`, branch: `b${taskId}`, base: BASE },
      },
    },
    launching: { type: 'agent-launching', taskId, attempt: 1 },
    running: { type: 'agent-launched', taskId, launcher: 'l', startedAt },
    exited: { type: 'agent-exited', taskId, exit },
    collected: { type: 'work-collected', taskId, commit: WORK, changes, committedLeftovers: false },
    audited: { type: 'claims-audited', taskId, outside, grown: [], heldBy: [] },
    integrated: { type: 'integrated', taskId, from: BASE, commit: CANDIDATE },
  };
  const phases = Object.keys(way) as (typeof until)[];
  return phases.slice(0, phases.indexOf(until) + 1).map((phase) => way[phase]);
}

/** A gate that begins on the joined work of tasks of run `r1`; with a verdict, also its end. */
export function makeGateEvents(taskIds: readonly string[], verdict?: Verdict): NewRunEvent[] {
  const state = { taskIds, onto: BASE, commit: CANDIDATE, purpose: 'join' } as const;
  const started = { type: 'gate-started', ...state } as const;
  return verdict === undefined ? [started] : [started, { type: 'gate-finished', ...state, verdict }];
}

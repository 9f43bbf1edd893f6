import type { RunEvent, RunLevelEvent, TaskLevelEvent } from './event.js';
import { afterTaskEvent } from './reduce-findings.js';
import { withIntegrated } from './reduce-gates.js';
import { withRequest } from './reduce-requests.js';
import { reduceRunEvent } from './reduce-run.js';
import { reduceTask } from './reduce-task.js';
import type { RunState } from './state.js';
import type { TaskState } from './task-state.js';
import { waitingFacts } from './waiting.js';

/** The state of a run before its first event. */
export function emptyRunState(runId: string): RunState {
  return {
    runId,
    status: 'empty',
    tasks: new Map(),
    order: [],
    diagnostics: [],
    findings: [],
    snapshots: [],
    gating: [],
    agentPauses: {},
    verdicts: new Map(),
    seq: 0,
  };
}

/** The state after all these events. Pure; unknown event types are ignored. */
export function reduceRun(events: Iterable<RunEvent>, runId = ''): RunState {
  let state = emptyRunState(runId);
  for (const event of events) state = applyEvent(state, event);
  return state;
}

/**
 * The state after one more event, in O(1) for any number of tasks: the map of tasks is reused and
 * changed in place, and so is the map of verdicts; the state passed in must not be used afterwards. Everything else is
 * immutable.
 */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  const { runId, seq, at } = event;
  const next: RunState = { ...state, runId, seq, lastEventAt: at, ...waitingFacts(event) };
  return event.taskId === undefined
    ? reduceRunEvent(next, event as RunLevelEvent)
    : applyTaskEvent(next, event as TaskLevelEvent);
}

function applyTaskEvent(state: RunState, event: TaskLevelEvent): RunState {
  const tasks = state.tasks as Map<string, TaskState>;
  const task = reduceTask(tasks.get(event.taskId), event);
  if (task) tasks.set(event.taskId, task);
  if (event.type === 'task-blocked') blockedAlike(tasks, event);
  const next = { ...state, findings: afterTaskEvent(state.findings, event) };
  if (event.type === 'snapshot-taken') return withSnapshot(next, event);
  if (event.type === 'task-reopened') return withReopened(next, event);
  return event.type === 'integrated' && next.status !== 'empty' ? withIntegrated(next, event) : next;
}

function blockedAlike(
  tasks: Map<string, TaskState>,
  event: Extract<TaskLevelEvent, { type: 'task-blocked' }>,
): void {
  for (const id of event.also ?? []) {
    const task = reduceTask(tasks.get(id), event);
    if (task) tasks.set(id, task);
  }
}

function withReopened(
  state: RunState,
  { taskId, request, forget }: Extract<TaskLevelEvent, { type: 'task-reopened' }>,
): RunState {
  const asked = { ...state, ...withRequest(state, request, { reopened: taskId }) };
  return forget ? { ...asked, verdicts: new Map() } : asked;
}

function withSnapshot(state: RunState, event: Extract<TaskLevelEvent, { type: 'snapshot-taken' }>): RunState {
  const { taskId, ref, commit, reason, at } = event;
  if (state.snapshots.some((known) => known.ref === ref)) return state;
  return { ...state, snapshots: [...state.snapshots, { taskId, ref, commit, reason, at }] };
}

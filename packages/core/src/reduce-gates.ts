import { defined } from './defined.js';
import type { RunLevelEvent, TaskLevelEvent } from './event.js';
import { gated, judged } from './reduce-task.js';
import type { GateAnswer, StartedRun } from './state.js';
import type { TaskState } from './task-state.js';
import type { CommitId } from './workspace.js';

type EventOf<T extends RunLevelEvent['type']> = Extract<RunLevelEvent, { readonly type: T }>;
type Integrated = Extract<TaskLevelEvent, { readonly type: 'integrated' }>;

export function gateStarted(state: StartedRun, event: EventOf<'gate-started'>): StartedRun {
  const { v: _v, seq: _seq, runId: _runId, type: _type, taskId: _taskId, at, ...gate } = event;
  return { ...state, gating: [...state.gating, { ...gate, startedAt: at }] };
}

/** The verdict is known of the commit, of its tree, and of each task whose work is in it. */
export function gateFinished(state: StartedRun, event: EventOf<'gate-finished'>): StartedRun {
  const { commit, tree, taskIds } = event;
  const { logFile } = state.gating.find((gate) => gate.commit === commit) ?? {};
  const answer = { verdict: event.verdict, ...defined({ fingerprint: event.fingerprint, logFile }) };
  const verdicts = state.verdicts as Map<string, GateAnswer>;
  verdicts.set(commit, answer);
  if (tree !== undefined) verdicts.set(tree, answer);
  const tasks = state.tasks as Map<string, TaskState>;
  for (const id of taskIds) {
    const task = tasks.get(id);
    if (task) tasks.set(id, gated(task, event));
  }
  return gateStopped(state, commit);
}

export function gateStopped(state: StartedRun, commit: CommitId): StartedRun {
  const ended = state.gating.findIndex((gate) => gate.commit === commit);
  return ended === -1 ? state : { ...state, gating: state.gating.toSpliced(ended, 1) };
}

/**
 * The integration ref is at this commit. The intended move is over with its last task. The verdict of the task is that on the
 * commit to which the ref moves: others that were tested with it may have been red since.
 */
export function withIntegrated(state: StartedRun, { taskId, from, commit }: Integrated): StartedRun {
  // A task without a commit of its own moves nothing, also in the middle of a move for others.
  if (from === commit) return state;
  const tasks = state.tasks as Map<string, TaskState>;
  const task = tasks.get(taskId);
  const answer = state.verdicts.get(state.advancing?.to ?? commit);
  if (task?.phase === 'integrated' && answer) tasks.set(taskId, judged(task, answer));
  const next = { ...state, integration: commit };
  return state.advancing?.to === commit ? withoutAdvance(next) : next;
}

/** Nothing more is to come of an intended move of the integration ref. */
export function withoutAdvance<S extends StartedRun>(state: S): Omit<S, 'advancing'> {
  const { advancing: _advancing, ...rest } = state;
  return rest;
}

import type { TaskLevelEvent } from './event.js';
import type { TaskState } from './state.js';

/** The state of one task after one more event; `undefined` for an event about a task that was never planned. */
export function reduceTask(task: TaskState | undefined, event: TaskLevelEvent): TaskState | undefined {
  if (event.type === 'task-planned') return planned(event);
  if (!task) return undefined;
  switch (event.type) {
    case 'task-blocked':
      return { ...task, blockedBy: event.by };
    case 'task-dispatched':
      return dispatched(task, event);
    case 'workspace-created':
      return {
        ...task,
        phase: 'prepared',
        workspace: event.workspace,
        workspaceGone: false,
        ...(event.setup === undefined ? {} : { setup: event.setup }),
      };
    case 'agent-launching':
      return { ...task, phase: 'launching' };
    case 'agent-launched':
      return {
        ...task,
        phase: 'running',
        launchedAt: event.startedAt,
        ...(event.details === undefined ? {} : { agent: event.details }),
      };
    case 'agent-activity': {
      const { sessionId } = event.activity;
      return { ...task, activity: event.activity, ...(sessionId === undefined ? {} : { sessionId }) };
    }
    case 'agent-exited': {
      const { sessionId } = event.exit;
      return {
        ...task,
        phase: 'exited',
        exit: event.exit,
        exitedAt: event.at,
        ...(sessionId === undefined ? {} : { sessionId }),
      };
    }
    case 'work-collected':
      return { ...task, phase: 'collected', commit: event.commit, changes: event.changes };
    case 'claims-audited':
      return { ...task, phase: 'audited', outside: event.outside, claims: [...task.claims, ...event.grown] };
    case 'integrate-started':
      return { ...task, phase: 'integrating', onto: event.onto };
    case 'integrate-merged':
      return { ...task, phase: 'merged', onto: event.onto, candidate: event.candidate };
    case 'integrate-conflicted':
      return { ...task, onto: event.onto, conflicts: event.paths };
    case 'gate-finished':
      return { ...task, phase: 'gated', verdict: event.verdict };
    case 'integrated':
      return {
        ...task,
        phase: 'integrated',
        outcome: 'integrated',
        integratedAs: event.commit,
        integratedAt: event.at,
        endedAt: event.at,
      };
    case 'task-finished':
      return {
        ...task,
        phase: 'ended',
        outcome: event.status,
        reason: event.reason,
        endedAt: event.at,
        ...(event.failure === undefined ? {} : { failure: event.failure }),
      };
    case 'task-requeued':
      return requeued(task);
    case 'task-reopened':
      return reopened(task);
    case 'workspace-removed': {
      const kept = event.outcome.status === 'kept' ? event.outcome : undefined;
      return { ...task, workspaceGone: kept === undefined, workspaceKept: kept };
    }
    default:
      return task;
  }
}

function planned(event: Extract<TaskLevelEvent, { type: 'task-planned' }>): TaskState {
  return {
    task: event.task,
    claims: event.claims.claims,
    unknownScope: event.claims.unknownScope,
    phase: 'waiting',
    attempt: 0,
  };
}

/** Back to the queue: only what was planned, the claims that grew and the count of attempts remain. */
function requeued(task: TaskState): TaskState {
  const { attempt, claims, unknownScope } = task;
  return { task: task.task, claims, unknownScope, phase: 'waiting', attempt };
}

/** As if its agent had just exited, or its work had just been collected. */
function reopened(task: TaskState): TaskState {
  const { outcome: _outcome, reason: _reason, failure: _failure, endedAt: _endedAt, ...rest } = task;
  return { ...rest, phase: task.commit === undefined ? 'exited' : 'collected' };
}

/**
 * A dispatch forgets everything that an earlier attempt has come to, except the claims that grew, and that the line of
 * its base was given up: another attempt in the same workspace works on that line, too.
 */
function dispatched(task: TaskState, event: Extract<TaskLevelEvent, { type: 'task-dispatched' }>): TaskState {
  const { base, over } = task;
  return {
    task: task.task,
    claims: task.claims,
    unknownScope: task.unknownScope,
    phase: 'dispatched',
    attempt: event.attempt,
    base: event.base,
    ...(over !== undefined && base === event.base ? { over } : {}),
    stateDir: event.stateDir,
    dispatchedAt: event.at,
  };
}

import { capText } from './cap-text.js';
import type { Blocker, RunEvent } from './event.js';
import { openQuestion } from './question.js';
import { holdsClaims, occupiesSlot, type RunState } from './state.js';
import type { TaskState } from './task-state.js';

/**
 * Why a waiting task has not started. `slot`: nothing but a free agent is missing. `turn`: what blocks it, if anything, is
 * being decided. `stopped`: the run starts nothing more.
 */
export type WaitingReason = Blocker | { readonly kind: 'slot' | 'turn' | 'stopped' };

/**
 * Why a task waits, as far as this state of its run tells; it is true of this state, whatever was recorded before.
 * `undefined` for a task that does not wait. Pure.
 */
export function waitingReason(state: RunState, task: TaskState): WaitingReason | undefined {
  if (task.phase !== 'waiting') return undefined;
  const question = openQuestion(task);
  if (question !== undefined) return { kind: 'answer', message: question.text };
  if (state.status !== 'running' || state.stopping !== undefined) return { kind: 'stopped' };
  if (state.capReached !== undefined) return { kind: 'budget', message: capText(state.capReached) };
  if (isBlockedStill(state, task)) return task.blockedBy;
  const { paused, explainedAt = 0, movedAt = 0, options } = state;
  const occupied = [...state.tasks.values()].filter(occupiesSlot).length;
  if (paused !== undefined && occupied > 0) return { kind: 'resources', message: paused };
  return { kind: occupied >= options.maxInstances && explainedAt > movedAt ? 'slot' : 'turn' };
}

/** Whether what was recorded to block a waiting task still does. */
export function isBlockedStill(
  { tasks, capReached, heldAt = 0, movedAt = 0 }: RunState,
  { blockedBy: by }: TaskState,
): boolean {
  if (by === undefined) return false;
  const other = 'taskId' in by ? tasks.get(by.taskId) : undefined;
  switch (by.kind) {
    case 'dependency':
      return other !== undefined && other.phase !== 'integrated';
    case 'claim':
    case 'risk':
    case 'yields':
      return other !== undefined && holdsClaims(other);
    case 'reserved':
      return other?.phase === 'waiting' && other.task.dependsOn.every((id) => isDone(tasks.get(id)));
    case 'agent':
      return heldAt > movedAt;
    case 'budget':
      return capReached !== undefined;
    default:
      return false;
  }
}

/** A dependency on a task that is not part of the run counts as done. */
function isDone(task: TaskState | undefined): boolean {
  return task === undefined || task.phase === 'integrated';
}

const moving: ReadonlySet<RunEvent['type']> = new Set<RunEvent['type']>([
  ...(['run-planned', 'run-resumed', 'target-replaced', 'integration-restarted', 'claims-grown'] as const),
  ...(['task-dispatched', 'integrated', 'task-finished', 'task-requeued', 'task-continued'] as const),
  ...(['task-reopened', 'question-answered', 'agent-unpaused'] as const),
]);

/** What an event changes of what is known of waiting tasks. */
export function waitingFacts(event: RunEvent): Pick<RunState, 'movedAt' | 'heldAt'> {
  const moves = moving.has(event.type) || (event.type === 'claims-audited' && event.grown.length > 0);
  if (moves) return { movedAt: event.seq };
  return event.type === 'task-blocked' && event.by.kind === 'agent' ? { heldAt: event.seq } : {};
}

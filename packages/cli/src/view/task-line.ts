import { statusOf, type TaskState, type TaskStatus } from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import { formatChance } from '../format/units.js';
import { figuresText } from './figures-text.js';

const marks: Readonly<Record<TaskStatus, string>> = {
  landed: '✔',
  integrated: '✔',
  failed: '✘',
  'timed-out': '✘',
  conflicted: '✘',
  held: '!',
  unchanged: '∅',
  skipped: '–',
  cancelled: '–',
  waiting: '·',
  preparing: '○',
  running: '●',
  integrating: '◐',
};

const good: ReadonlySet<TaskStatus> = new Set(['landed', 'integrated']);
const bad: ReadonlySet<TaskStatus> = new Set(['failed', 'timed-out', 'conflicted', 'held', 'unchanged']);
const busy: ReadonlySet<TaskStatus> = new Set(['preparing', 'running', 'integrating']);

/** The sign in front of a task. */
export function statusMark(status: TaskStatus): string {
  return marks[status];
}

/** The colour of a status. */
export function statusColour(status: TaskStatus, colours: Colours): (text: string) => string {
  if (good.has(status)) return colours.green;
  if (bad.has(status)) return colours.red;
  return busy.has(status) ? colours.cyan : colours.dim;
}

/** What a task is doing now, what it waits for, why it ended as it did, or what it took; one line, may be empty. Pure. */
export function taskDetail(task: TaskState): string {
  if (task.outcome !== undefined) return oneLine(task.reason ?? figuresText(task.figures));
  switch (task.phase) {
    case 'waiting':
      return waitingFor(task);
    case 'dispatched':
      return 'making its worktree';
    case 'prepared':
    case 'launching':
      return 'starting its agent';
    case 'running':
      return oneLine(task.activity?.text ?? 'the agent is working');
    case 'merged':
      return 'the gate is running';
    default:
      return 'joining its work with the rest';
  }
}

function waitingFor({ blockedBy }: TaskState): string {
  switch (blockedBy?.kind) {
    case 'dependency':
      return `waits for ${blockedBy.taskId}`;
    case 'claim':
      return `waits for ${blockedBy.taskId}, which holds ${oneLine(blockedBy.path)}`;
    case 'reserved':
      return `lets ${blockedBy.taskId} go first`;
    case 'risk':
      return `waits for ${blockedBy.taskId}: ${formatChance(blockedBy.probability)} likely to change a common file`;
    case 'resources':
      return `waits for the machine: ${oneLine(blockedBy.message)}`;
    default:
      return 'waits for a free agent';
  }
}

/** Since dispatch, or as long as it took; `undefined` before that. Pure. */
export function taskDurationMs(task: TaskState, now: number): number | undefined {
  return task.dispatchedAt === undefined ? undefined : Math.max(0, (task.endedAt ?? now) - task.dispatchedAt);
}

/** The status of a task, coloured and padded so that columns align. */
export function paintedStatus(task: TaskState, colours: Colours): string {
  const status = statusOf(task);
  return statusColour(status, colours)(`${statusMark(status)} ${status.padEnd(11)}`);
}

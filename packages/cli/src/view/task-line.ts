import {
  type RunningGate,
  type RunState,
  statusOf,
  type TaskState,
  type TaskStatus,
  taskUsage,
} from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import { formatChance } from '../format/units.js';
import { activityText } from './activity-text.js';
import { attemptPrefix, goesOnText } from './attempt-text.js';
import { figuresText } from './figures-text.js';
import { timeText } from './pause-text.js';
import { questionText } from './question-text.js';
import { sightingText } from './sighting-text.js';
import { usageText } from './usage-text.js';

interface Look {
  readonly mark: string;
  readonly colour: 'green' | 'red' | 'cyan' | 'dim';
}

const looks: Readonly<Record<TaskStatus, Look>> = {
  landed: { mark: '✔', colour: 'green' },
  integrated: { mark: '✔', colour: 'green' },
  ready: { mark: '◇', colour: 'green' },
  failed: { mark: '✘', colour: 'red' },
  'timed-out': { mark: '✘', colour: 'red' },
  conflicted: { mark: '✘', colour: 'red' },
  held: { mark: '!', colour: 'red' },
  unchanged: { mark: '∅', colour: 'red' },
  skipped: { mark: '–', colour: 'dim' },
  cancelled: { mark: '–', colour: 'dim' },
  waiting: { mark: '·', colour: 'dim' },
  preparing: { mark: '○', colour: 'cyan' },
  running: { mark: '●', colour: 'cyan' },
  integrating: { mark: '◐', colour: 'cyan' },
};

/** The sign in front of a task. */
export function statusMark(status: TaskStatus): string {
  return looks[status].mark;
}

/** The colour of a status. */
export function statusColour(status: TaskStatus, colours: Colours): (text: string) => string {
  return colours[looks[status].colour];
}

/** What a task is doing now, what it waits for, why it ended as it did, or what it took; one line, may be empty. Pure. */
export function taskDetail(task: TaskState, gating: readonly RunningGate[] = []): string {
  return `${attemptPrefix(task)}${detailOf(task, gating)}`;
}

function detailOf(task: TaskState, gating: readonly RunningGate[]): string {
  if (task.outcome !== undefined)
    return oneLine(task.reason ?? figuresText({ ...task.figures, ...taskUsage(task) }));
  const asked = questionText(task);
  if (asked !== undefined) return asked;
  switch (task.phase) {
    case 'waiting':
      return waitingFor(task);
    case 'dispatched':
      return 'making its worktree';
    case 'prepared':
    case 'launching':
      return 'starting its agent';
    case 'running':
      return withSighting(task, withUsage(task, activityText(task)));
    case 'audited':
      return gating.some(({ taskIds }) => taskIds.includes(task.task.id))
        ? 'the gate is running'
        : 'waits for the gate, or for its turn to join the rest';
    default:
      return 'joining its work with the rest';
  }
}

/** What is in the way of the work comes first: there may be no room for the rest. */
function withSighting({ sighting }: TaskState, text: string): string {
  const seen = sightingText(sighting);
  return seen === undefined ? text : `${seen} · ${text}`;
}

function withUsage(task: TaskState, text: string): string {
  const used = usageText(taskUsage(task));
  return used === '' ? text : `${used} · ${text}`;
}

function waitingFor(task: TaskState): string {
  const { blockedBy } = task;
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
    case 'agent':
      return `no agent can work${blockedBy.until === undefined ? '' : ` until ${timeText(blockedBy.until)}`}: ${oneLine(blockedBy.message)}`;
    case 'budget':
      return `not started: ${oneLine(blockedBy.message)}`;
    default:
      return goesOnText(task) ?? 'waits for a free agent';
  }
}

/** Since dispatch, or as long as it took; `undefined` before that. Pure. */
export function taskDurationMs(task: TaskState, now: number): number | undefined {
  return task.dispatchedAt === undefined ? undefined : Math.max(0, (task.endedAt ?? now) - task.dispatchedAt);
}

/** The status of a task, coloured and padded so that columns align. */
export function paintedStatus(task: TaskState, run: Pick<RunState, 'options'>, colours: Colours): string {
  const status = statusOf(task, run);
  return statusColour(status, colours)(`${statusMark(status)} ${status.padEnd(11)}`);
}

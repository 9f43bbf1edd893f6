import {
  noChangeText,
  type RunState,
  statusOf,
  type TaskState,
  type TaskStatus,
  taskUsage,
  waitingReason,
} from '@pwt/core';
import type { Colours } from '../format/colours.js';
import { oneLine } from '../format/text.js';
import { activityText } from './activity-text.js';
import { attemptPrefix, goesOnText } from './attempt-text.js';
import { figuresText } from './figures-text.js';
import { machinePrefix, preparingText } from './machines-text.js';
import { questionText } from './question-text.js';
import { sightingText } from './sighting-text.js';
import { usageText } from './usage-text.js';
import { waitingText } from './waiting-text.js';

interface Look {
  readonly mark: string;
  readonly colour: 'green' | 'red' | 'cyan' | 'dim';
}

/** A status in words: of a run that has ended, no task is at work any more. */
export type ShownStatus = TaskStatus | 'interrupted';

const UNDER_WAY: ReadonlySet<ShownStatus> = new Set<ShownStatus>(['preparing', 'running', 'integrating']);

/** @param isOver no process drives the run any more */
export function shownStatus(status: TaskStatus, isOver: boolean): ShownStatus {
  return isOver && UNDER_WAY.has(status) ? 'interrupted' : status;
}

const looks: Readonly<Record<ShownStatus, Look>> = {
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
  interrupted: { mark: '◌', colour: 'dim' },
};

/** Every status, in the order in which they are counted. */
export const shownStatuses = Object.keys(looks) as readonly ShownStatus[];

/** The sign in front of a task. */
export function statusMark(status: ShownStatus): string {
  return looks[status].mark;
}

/** The colour of a status. */
export function statusColour(status: ShownStatus, colours: Colours): (text: string) => string {
  return colours[looks[status].colour];
}

/** What a task is doing now, what it waits for, why it ended as it did, or what it took; one line, may be empty. Pure. */
export function taskDetail(task: TaskState, state: RunState): string {
  return `${attemptPrefix(task)}${machinePrefix(task)}${detailOf(task, state)}`;
}

function detailOf(task: TaskState, state: RunState): string {
  if (task.noChange !== undefined) return oneLine(noChangeText(task.noChange));
  if (task.outcome !== undefined)
    return oneLine(task.reason ?? figuresText({ ...task.figures, ...taskUsage(task) }));
  const asked = questionText(task);
  if (asked !== undefined) return asked;
  switch (task.phase) {
    case 'waiting':
      return waitingFor(task, state);
    case 'dispatched':
      return preparingText(task, state);
    case 'prepared':
    case 'launching':
      return 'starting its agent';
    case 'running':
      return withSighting(task, withUsage(task, activityText(task)));
    case 'audited':
      return state.gating.some(({ taskIds }) => taskIds.includes(task.task.id))
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

/** What blocks a task comes before what it goes on with. */
function waitingFor(task: TaskState, state: RunState): string {
  const reason = waitingReason(state, task) ?? { kind: 'turn' };
  const onward = reason.kind === 'slot' || reason.kind === 'turn' ? goesOnText(task) : undefined;
  return onward ?? waitingText(reason);
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

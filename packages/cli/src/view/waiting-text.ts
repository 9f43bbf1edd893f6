import type { WaitingReason } from '@pwt/core';
import { oneLine } from '../format/text.js';
import { formatChance } from '../format/units.js';
import { timeText } from './pause-text.js';

/** Why a task waits, as one line. Pure. */
export function waitingText(reason: WaitingReason): string {
  switch (reason.kind) {
    case 'dependency':
      return `waits for ${reason.taskId}`;
    case 'claim':
      return `waits for ${reason.taskId}, which holds ${oneLine(reason.path)}`;
    case 'reserved':
      return `lets ${reason.taskId} go first`;
    case 'risk':
      return `waits for ${reason.taskId}: ${formatChance(reason.probability)} likely to change a common file`;
    case 'yields':
      return `lets tasks go first that are less likely to change a file of ${reason.taskId}`;
    case 'resources':
      return `waits for the machine: ${oneLine(reason.message)}`;
    case 'agent':
      return `no agent can work${reason.until === undefined ? '' : ` until ${timeText(reason.until)}`}: ${oneLine(reason.message)}`;
    case 'budget':
      return `not started: ${oneLine(reason.message)}`;
    case 'answer':
      return `waits for an answer: ${oneLine(reason.message)}`;
    case 'slot':
      return 'waits for a free agent';
    case 'stopped':
      return 'not started';
    case 'turn':
      return 'waits for its turn';
  }
}

import type { RunEvent, RunTotals, TaskOutcomeStatus } from '@pwt/core';

/**
 * What a user can ask to be told. `failed` covers failed, timed out and conflicted tasks; `question`, what waits for an answer;
 * `lost`, a machine that is gone with the agents on it.
 */
export type Occasion = 'failed' | 'held' | 'question' | 'lost' | 'finished';

export const occasions: readonly Occasion[] = ['failed', 'held', 'question', 'lost', 'finished'];

/** A message about one event. */
export interface Notification {
  readonly occasion: Occasion;
  readonly runId: string;
  readonly taskId?: string;
  /** One line. */
  readonly title: string;
  /** One line with the reason or the totals. */
  readonly text: string;
  /** With `lost`: the machine. Several tasks may have been on it. */
  readonly machine?: string;
}

const troubles: Readonly<Partial<Record<TaskOutcomeStatus, { occasion: Occasion; verb: string }>>> = {
  failed: { occasion: 'failed', verb: 'failed' },
  'timed-out': { occasion: 'failed', verb: 'timed out' },
  conflicted: { occasion: 'failed', verb: 'has a conflict' },
  held: { occasion: 'held', verb: 'waits for you' },
};

/** The message about an event; `undefined` for events without one. */
export function notificationOf(event: RunEvent): Notification | undefined {
  if (event.type === 'task-finished') {
    const trouble = troubles[event.status];
    if (!trouble) return undefined;
    const { runId, taskId, reason } = event;
    return {
      occasion: trouble.occasion,
      runId,
      taskId,
      title: `Task ${taskId} ${trouble.verb}`,
      text: oneLine(reason),
    };
  }
  const question = questionOf(event);
  if (question !== undefined) return question;
  const lost = lostMachineOf(event);
  if (lost !== undefined) return lost;
  if (event.type === 'run-finished') {
    const title = event.success ? 'All tasks are done' : 'The run has ended, but not all went well';
    return { occasion: 'finished', runId: event.runId, title, text: describe(event.totals) };
  }
  return undefined;
}

/** How it is answered is part of it: it may be read far from the terminal. */
function questionOf(event: RunEvent): Notification | undefined {
  if (event.type !== 'question-asked' && event.type !== 'task-continued') return undefined;
  const { runId, taskId, question } = event;
  if (question === undefined) return undefined;
  const title = `Task ${taskId} asks you`;
  const how = `Answer: pwt answer ${taskId} …, or stop it: pwt stop ${taskId}`;
  return { occasion: 'question', runId, taskId, title, text: oneLine(`${question} ${how}`) };
}

/** The task goes on by itself: it is the machine that somebody has to look after. */
function lostMachineOf(event: RunEvent): Notification | undefined {
  if (event.type !== 'task-continued') return undefined;
  const { runId, taskId, ending } = event;
  const { kind, machine } = ending.failure ?? {};
  if (kind !== 'lost' || machine === undefined) return undefined;
  const name = oneLine(machine);
  const text = `Task ${taskId} was worked on there. It goes on on another machine, with what was saved of it.`;
  return { occasion: 'lost', runId, taskId, title: `machine ${name} was lost`, text, machine: name };
}

function describe(totals: RunTotals): string {
  const parts = Object.entries(totals).filter(([, count]) => count > 0);
  return parts.map(([status, count]) => `${count} ${status}`).join(', ') || 'there was nothing to do';
}

/** Reasons come from agents and gates: no control characters reach a terminal or a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

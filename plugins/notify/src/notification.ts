import type { RunEvent, RunTotals, TaskOutcomeStatus } from '@pwt/core';

/** What a user can ask to be told. `failed` covers failed, timed out and conflicted tasks. */
export type Occasion = 'failed' | 'held' | 'finished';

export const occasions: readonly Occasion[] = ['failed', 'held', 'finished'];

/** A message about one event. */
export interface Notification {
  readonly occasion: Occasion;
  readonly runId: string;
  readonly taskId?: string;
  /** One line. */
  readonly title: string;
  /** One line with the reason or the totals. */
  readonly text: string;
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
  if (event.type === 'run-finished') {
    const title = event.success ? 'All tasks are done' : 'The run has ended, but not all went well';
    return { occasion: 'finished', runId: event.runId, title, text: describe(event.totals) };
  }
  return undefined;
}

function describe(totals: RunTotals): string {
  const parts = Object.entries(totals).filter(([, count]) => count > 0);
  return parts.map(([status, count]) => `${count} ${status}`).join(', ') || 'there was nothing to do';
}

/** Reasons come from agents and gates: no control characters reach a terminal or a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

import type { Claim, RunEvent } from '@pwt/core';

/** What the scheduler reads of the events that count for it. */
type CountingEvent =
  | {
      readonly type: 'task-dispatched' | 'integrated' | 'task-finished' | 'task-requeued' | 'task-reopened';
      readonly taskId: string;
    }
  | { readonly type: 'claims-audited'; readonly taskId: string; readonly grown: readonly Claim[] }
  | { readonly type: 'target-replaced'; readonly taskIds: readonly string[] };

/** A run's event as far as the scheduler reads it: every `RunEvent` is one, and so is a literal without an envelope. */
export type ScheduleEvent =
  | CountingEvent
  | { readonly type: Exclude<RunEvent['type'], CountingEvent['type']>; readonly taskId?: string };

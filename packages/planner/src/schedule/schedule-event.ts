import type { Claim, RunEvent } from '@pwt/core';

/** The events that have an effect on the scheduler, with the fields that it reads. */
type CountingEvent =
  | {
      readonly type:
        | 'task-dispatched'
        | 'integrated'
        | 'task-finished'
        | 'task-requeued'
        | 'task-reopened'
        | 'question-answered';
      readonly taskId: string;
    }
  | { readonly type: 'task-continued'; readonly taskId: string; readonly question?: string }
  | {
      readonly type: 'claims-audited' | 'claims-grown';
      readonly taskId: string;
      readonly grown: readonly Claim[];
    }
  | { readonly type: 'target-replaced' | 'integration-restarted'; readonly taskIds: readonly string[] };

/** An event for the scheduler: every `RunEvent` is one, and so is a literal without an envelope. */
export type ScheduleEvent =
  | CountingEvent
  | { readonly type: Exclude<RunEvent['type'], CountingEvent['type']>; readonly taskId?: string };

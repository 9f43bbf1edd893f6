import { join } from 'node:path';
import type { RunOptions } from '@pwt/core';
import type { Scheduler } from '@pwt/planner/schedule';
import type { Breaker } from '../breaker/breaker.js';
import type { Spending } from '../budget/spending.js';
import type { Experience } from '../experience/experience.js';
import type { Inbox } from '../inbox/message.js';
import type { Lookout } from './lookout/lookout.js';
import type { LookoutContext } from './lookout/lookout-context.js';
import type { RadarWatch } from './radar/radar-watch.js';
import type { StopSignal } from './stop-signal.js';

/** What all steps of a run share. What only the landing needs is in `Landing`; what only the loop needs is in `RunLoop`. */
export interface RunContext extends LookoutContext {
  /** `<stateDir>/runs/<runId>`. Absolute. */
  readonly runDir: string;
  readonly options: RunOptions;
  /** Follows the log. Steps may only ask it. */
  readonly scheduler: Pick<
    Scheduler,
    | 'blockerOf'
    | 'holdersOf'
    | 'next'
    | 'upcoming'
    | 'waiting'
    | 'waitingCount'
    | 'waitingDependentsOf'
    | 'waitsFor'
  >;
  readonly stop: StopSignal;
  /** Which agents tasks may start with. */
  readonly breaker: Breaker;
  /** What was used, and the caps on it. */
  readonly spending: Spending;
  /** What people say to the run; absent where nobody can. */
  readonly inbox?: Inbox | undefined;
  /** What earlier runs have taken; absent where nothing is known, or nothing needs it. */
  readonly experience?: Experience | undefined;
  /** Reports what others change; absent without an observer. */
  readonly lookout: Lookout | undefined;
  /** Reports where work under way collides; absent without a radar. */
  readonly radar?: RadarWatch | undefined;
}

/** Where an attempt of a task keeps its prompt, logs and exit record. */
export function attemptDir(context: Pick<RunContext, 'runDir'>, taskId: string, attempt: number): string {
  return join(context.runDir, 'tasks', taskId, String(attempt));
}

import type { Clock, RunOptions } from '@pwt/core';
import type { Scheduler } from '@pwt/planner/schedule';
import type { Agents } from '../agents.js';
import type { RunLog } from '../run-log.js';

/** The part of a run's context that the watch over live work needs. */
export interface RadarContext {
  readonly log: RunLog;
  readonly clock: Clock;
  readonly agents: Agents;
  readonly options: RunOptions;
  readonly scheduler: Pick<Scheduler, 'holdersOf'>;
}

import type { Clock } from '@pwt/core';
import type { Agents } from '../agents.js';
import type { CoordinatorParts } from '../coordinator-parts.js';
import type { RunLog } from '../run-log.js';

/** What of a run is needed to look at the repository beside it. */
export interface LookoutContext {
  readonly runId: string;
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  readonly parts: CoordinatorParts;
  readonly log: RunLog;
  readonly clock: Clock;
  readonly agents: Agents;
}

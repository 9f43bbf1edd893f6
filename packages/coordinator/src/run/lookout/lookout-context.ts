import type { Clock } from '@pwt/core';
import type { Agents } from '../agents.js';
import type { CoordinatorParts } from '../coordinator-parts.js';
import type { ReadyWorkspaces } from '../ready-workspaces.js';
import type { RunLog } from '../run-log.js';

/** The part of a run's context that the lookout needs. */
export interface LookoutContext {
  readonly runId: string;
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  readonly parts: CoordinatorParts;
  readonly log: RunLog;
  readonly clock: Clock;
  readonly agents: Agents;
  readonly ready: ReadyWorkspaces;
}

import { join } from 'node:path';
import type {
  AgentLauncher,
  Clock,
  Gate,
  Merger,
  RepositoryObserver,
  ResourceMonitor,
  RunOptions,
  WorkspaceProvider,
} from '@pwt/core';
import type { Scheduler } from '@pwt/planner';
import type { Agents } from './agents.js';
import type { Lookout } from './lookout/lookout.js';
import type { RunLog } from './run-log.js';
import type { StopSignal } from './stop-signal.js';

/** The contracts that a run is driven through. */
export interface CoordinatorParts {
  readonly provider: WorkspaceProvider;
  readonly launcher: AgentLauncher;
  readonly merger: Merger;
  /** Absent: whatever merges cleanly is integrated. */
  readonly gate?: Gate;
  readonly resources: ResourceMonitor;
  /** Absent: what others change in the repository is not looked for. */
  readonly observer?: RepositoryObserver;
}

/** What all steps of one run share. What only the landing needs belongs to `Landing`, and what only the loop needs to `RunLoop`. */
export interface RunContext {
  readonly runId: string;
  /** `<stateDir>/runs/<runId>`. Absolute. */
  readonly runDir: string;
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  readonly options: RunOptions;
  readonly parts: CoordinatorParts;
  readonly log: RunLog;
  /** Follows the log: steps ask it, and only the log tells it anything. */
  readonly scheduler: Pick<
    Scheduler,
    'blockerOf' | 'holdersOf' | 'next' | 'waiting' | 'waitingCount' | 'waitingDependentsOf'
  >;
  readonly clock: Clock;
  readonly stop: StopSignal;
  readonly agents: Agents;
  /** Looks at what others change; absent without an observer. */
  readonly lookout: Lookout | undefined;
}

/** Where an attempt of a task keeps its prompt, logs and exit record. */
export function attemptDir(context: Pick<RunContext, 'runDir'>, taskId: string, attempt: number): string {
  return join(context.runDir, 'tasks', taskId, String(attempt));
}

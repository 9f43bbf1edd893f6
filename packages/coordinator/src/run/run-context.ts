import { join } from 'node:path';
import type {
  AgentLauncher,
  AgentRun,
  Gate,
  Merger,
  RepositoryObserver,
  ResourceMonitor,
  RunOptions,
  WorkspaceProvider,
} from '@pwt/core';
import type { Scheduler } from '@pwt/planner';
import type { Clock } from '../clock.js';
import type { Removals } from '../landing/removals.js';
import type { Lookout } from './lookout.js';
import type { RunLog } from './run-log.js';
import type { SerialQueue } from './serial-queue.js';
import type { Startups } from './startups.js';
import type { WakeUp } from './wake-up.js';

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

/** `drain`: start nothing more, let running agents finish. `now`: stop them; `resume` starts them over. */
export type StopMode = 'drain' | 'now';

/** An agent that this process watches. */
export interface WatchedAgent {
  readonly run: AgentRun;
  /** True if it was started by an earlier process of the same run. */
  readonly adopted: boolean;
}

/** What all steps of one run share. */
export interface RunContext {
  readonly runId: string;
  readonly parts: CoordinatorParts;
  readonly options: RunOptions;
  readonly target: string;
  readonly log: RunLog;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  /** `<stateDir>/runs/<runId>`. Absolute. */
  readonly runDir: string;
  /** Everything that moves the integration ref or the target happens here, one at a time. */
  readonly queue: SerialQueue;
  /** Workspaces that have landed and are still there; their removal is out of the way of {@link queue}. */
  readonly removals: Removals;
  /** By task. */
  readonly agents: Map<string, WatchedAgent>;
  /** Tells the loop that a slot or claims have become free. */
  readonly wakeUp: WakeUp;
  /** Tasks whose agents are being started: removals let them go first. */
  readonly startups: Startups;
  /** Looks at what others change; absent without an observer. */
  lookout?: Lookout;
  stopMode: StopMode | undefined;
  /** When landing was last tried, in milliseconds since the epoch. */
  landTriedAt: number;
  /** Why the target could not be moved, as it was last said; `undefined` since it was. */
  landWarning: string | undefined;
  /** Aborted when the run is stopped `now`. */
  readonly stopped: AbortController;
}

/** Where an attempt of a task keeps its prompt, logs and exit record. */
export function attemptDir(context: Pick<RunContext, 'runDir'>, taskId: string, attempt: number): string {
  return join(context.runDir, 'tasks', taskId, String(attempt));
}

import type {
  AgentLauncher,
  FileEdit,
  Gate,
  MarkDoneRequest,
  Merger,
  Radar,
  RepositoryObserver,
  ResourceMonitor,
  WorkspaceProvider,
} from '@pwt/core';
import type { VerdictStore } from '../verdict-store.js';

/** Marks finished tasks in the files in which they are kept. */
export interface TaskMarker {
  /** For messages. */
  readonly name: string;
  /** As `markDone` of the task's source; `undefined` for a task that has no place for a mark. */
  markDone(request: MarkDoneRequest): Promise<readonly FileEdit[] | undefined>;
}

/** The parts of a run, by their contracts. */
export interface CoordinatorParts {
  readonly provider: WorkspaceProvider;
  readonly launcher: AgentLauncher;
  readonly merger: Merger;
  /** Without one, every clean merge is integrated. */
  readonly gate?: Gate;
  /** What earlier runs know of trees. Without one, or without {@link Gate.fingerprint}, verdicts are kept for the run alone. */
  readonly verdicts?: VerdictStore;
  readonly resources: ResourceMonitor;
  /** Without one, changes that others make in the repository are not noticed. */
  readonly observer?: RepositoryObserver;
  /** Without one, collisions are seen when work is joined, and not before. */
  readonly radar?: Radar;
  /** Used where the run's options want it. Without one, no task is marked. */
  readonly marker?: TaskMarker;
}

import type {
  AgentLauncher,
  Gate,
  Merger,
  Radar,
  RepositoryObserver,
  ResourceMonitor,
  WorkspaceProvider,
} from '@pwt/core';
import type { VerdictStore } from '../verdict-store.js';

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
}

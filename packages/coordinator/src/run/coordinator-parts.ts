import type {
  AgentLauncher,
  Gate,
  Merger,
  RepositoryObserver,
  ResourceMonitor,
  WorkspaceProvider,
} from '@pwt/core';

/** The parts of a run, by their contracts. */
export interface CoordinatorParts {
  readonly provider: WorkspaceProvider;
  readonly launcher: AgentLauncher;
  readonly merger: Merger;
  /** Without one, every clean merge is integrated. */
  readonly gate?: Gate;
  readonly resources: ResourceMonitor;
  /** Without one, changes that others make in the repository are not noticed. */
  readonly observer?: RepositoryObserver;
}

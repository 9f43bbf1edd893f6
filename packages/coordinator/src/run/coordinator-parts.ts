import type {
  AgentLauncher,
  Gate,
  Merger,
  RepositoryObserver,
  ResourceMonitor,
  WorkspaceProvider,
} from '@pwt/core';

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

import assert from 'node:assert/strict';
import type { CollectedWork, CommitId, Workspace, WorkspaceProvider } from '@pwt/core';
import type { Disposable } from './runner.js';

/** A repository with a provider over it, and the means to look at both. */
export interface WorkspaceProviderHarness extends Disposable {
  readonly provider: WorkspaceProvider;
  /** A commit whose tree holds at least `README.md`. */
  readonly base: CommitId;
  /** Another provider over the same repository, as a new process would have one. */
  reopen(): Promise<WorkspaceProvider>;
  write(workspace: Workspace, path: string, text: string): Promise<void>;
  delete(workspace: Workspace, path: string): Promise<void>;
  read(workspace: Workspace, path: string): Promise<string | undefined>;
  /** Commits everything, like an agent would. */
  commit(workspace: Workspace): Promise<CommitId>;
  /** Goes to another commit, files and all, like `git reset --hard`. Without it, what needs it is not tested. */
  reset?(workspace: Workspace, commit: CommitId): Promise<void>;
  /** The files of a commit of the project's object store, by path. */
  filesOf(commit: CommitId): Promise<Readonly<Record<string, string>>>;
  /**
   * Takes away for good the machine that the workspace is on, and has another one at hand. The work that was collected is safe.
   * Without it, all workspaces are on one machine.
   */
  loseMachine?(workspace: Workspace): Promise<void>;
}

/** Adds a test with a harness of its own. */
export type WorkspaceTest = (
  name: string,
  body: (harness: WorkspaceProviderHarness) => Promise<void>,
) => void;

/** Makes the workspace of a task. */
export async function create(
  { provider, base }: WorkspaceProviderHarness,
  taskId = '1',
  runId = 'run-1',
): Promise<Workspace> {
  return (await provider.create({ runId, taskId, title: `Task ${taskId}`, base })).workspace;
}

/** Collects work with which nothing is wrong. */
export async function collect(provider: WorkspaceProvider, workspace: Workspace): Promise<CollectedWork> {
  const outcome = await provider.collect({ workspace, message: 'Left over' });
  assert.equal(outcome.status, 'collected', 'collect() must answer "collected" where nothing is in the way');
  return outcome as CollectedWork;
}

import type { Finding } from './finding.js';

/** A commit id: lower-case hex, 40 digits (SHA-1) or 64 (SHA-256). */
export type CommitId = string;

/**
 * A place where one agent works, as plain data: it can be written to the journal, sent to another machine
 * and handed back after a crash. Only provider, launcher and gate ever open its path.
 */
export interface Workspace {
  /** Unique within the repository; the provider's own key. */
  readonly id: string;
  /** Which provider made it, for example `git-worktree`. */
  readonly provider: string;
  readonly kind: 'task' | 'scratch';
  readonly runId: string;
  /** Absent for scratch workspaces. */
  readonly taskId?: string;
  /** Absolute. */
  readonly path: string;
  /** The branch checked out in it, without `refs/heads/`; absent when detached. */
  readonly branch?: string;
  /** The commit it was made from. */
  readonly base: CommitId;
}

export interface CreateWorkspaceRequest {
  readonly runId: string;
  readonly taskId: string;
  readonly title: string;
  readonly base: CommitId;
}

/** What the work does to a path. `from` is set for renames and copies. */
export interface ChangedPath {
  readonly path: string;
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed';
  readonly from?: string;
}

export interface CollectRequest {
  readonly workspace: Workspace;
  /** The message for work that the agent left uncommitted. */
  readonly message: string;
}

/** The product of a workspace: a commit in the project's object store. */
export interface CollectResult {
  /** The commit that holds everything; equal to the base when nothing was changed. */
  readonly commit: CommitId;
  /**
   * Every path that the work changes: what differs between {@link commit} and its merge base with the base of
   * the workspace. A commit that the base has and the work has not is no change.
   */
  readonly changes: readonly ChangedPath[];
  /** True when pwt committed what the agent had left uncommitted. */
  readonly committedLeftovers: boolean;
  /** What was left out of the commit, or is in it and needs a look. */
  readonly findings?: readonly Finding[];
}

export interface RemoveRequest {
  readonly workspace: Workspace;
  /** The workspace goes only if its work is contained in this commit; absent: only with {@link force}. */
  readonly containedIn?: CommitId;
  /**
   * Give up uncommitted work (`dirty`) or unmerged commits (`unmerged`); each must be named. The provider still
   * keeps what it can: commits under a ref, files in a trash.
   */
  readonly force?: readonly ('dirty' | 'unmerged')[];
}

export type RemoveOutcome =
  | { readonly status: 'removed' }
  | { readonly status: 'gone' }
  | {
      readonly status: 'kept';
      readonly reason: 'dirty' | 'unmerged' | 'not-ours' | 'in-use';
      readonly message: string;
    };

/** Gives tasks a place to work in. All methods are idempotent: after a crash they are simply called again. */
export interface WorkspaceProvider {
  /** For messages and for {@link Workspace.provider}. */
  readonly name: string;
  /**
   * Makes the workspace of a task, or finds the one that this very run made for it before.
   * Throws `PWT_WORKTREE_EXISTS` or `PWT_BRANCH_EXISTS` for anything else that is in the way: nothing of
   * the user's is ever deleted or reset.
   */
  create(request: CreateWorkspaceRequest): Promise<Workspace>;
  /** A detached checkout of a commit, for gates. Removed with {@link remove}. */
  scratch(request: { readonly runId: string; readonly commit: CommitId }): Promise<Workspace>;
  /** Every workspace that carries this provider's mark, of one run or of all. */
  list(request?: { readonly runId?: string }): Promise<readonly Workspace[]>;
  /** Commits what is left uncommitted and brings the result into the project's object store. */
  collect(request: CollectRequest): Promise<CollectResult>;
  /** The changes that {@link collect} would find right now, uncommitted work included. Changes nothing. */
  changes(workspace: Workspace): Promise<readonly ChangedPath[]>;
  /** Removes workspace and branch, on positive evidence only. */
  remove(request: RemoveRequest): Promise<RemoveOutcome>;
  /** Called at the end of a run: gives up what was kept to be used again, such as scratch checkouts. */
  close?(request: { readonly runId: string }): Promise<void>;
}

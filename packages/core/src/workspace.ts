import type { MovedWorkspace } from './attempt.js';
import type { Finding } from './finding.js';
import type { IntrudedFile } from './repository-watch.js';

/** A commit id: lower-case hex, 40 digits (SHA-1) or 64 (SHA-256). */
export type CommitId = string;

/**
 * A directory in which one agent works, as plain data: it can be written to the journal and read back after a crash. Only
 * provider, launcher and gate open its path.
 */
export interface Workspace {
  /** Unique within the repository; the provider's own key. */
  readonly id: string;
  /** The provider that made it, for example `git-worktree`. */
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
  /** The machine that it is on, by a name for people; {@link path} is a path there. Absent: this machine. */
  readonly host?: string;
}

export interface CreateWorkspaceRequest {
  readonly runId: string;
  readonly taskId: string;
  readonly title: string;
  readonly base: CommitId;
  /** See {@link Task.runsOn}. */
  readonly runsOn?: Readonly<Record<string, string>>;
  /**
   * Given to {@link WorkspaceProvider.create} for a workspace that {@link WorkspaceProvider.prepare} keeps ready: resolves
   * when it is on record that the task gets it. Until then the provider only looks. If this rejects, so does the call, and
   * the workspace stays as it is.
   */
  readonly recorded?: Promise<void>;
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

export interface ScratchWorkspaceRequest {
  readonly runId: string;
  readonly commit: CommitId;
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

/** What the user's set-up command did in a new workspace. */
export interface SetupReport {
  readonly durationMs: number;
  /** Where its output is. Absolute. */
  readonly logFile: string;
}

/** A workspace, and what was done to make it. */
export interface CreatedWorkspace {
  readonly workspace: Workspace;
  /**
   * Absent if no set-up ran: there is no such command, or the task had the workspace already. Set-up that ran in
   * {@link WorkspaceProvider.prepare} is reported when the task gets the workspace.
   */
  readonly setup?: SetupReport;
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
  /**
   * What agents of other tasks have left in the workspace. Where it is still as they left it, it does not become part of the work,
   * even if the task's own agent has committed it; it is kept in a snapshot. A provider that can't do that ignores it.
   */
  readonly intruded?: readonly IntrudedFile[];
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

/** The result of collecting: the work as a commit, or why it must wait for a person. */
export type CollectOutcome = CollectedWork | HeldWork;

/** The product of a workspace: a commit in the project's object store. */
export interface CollectedWork {
  readonly status: 'collected';
  /** The commit that holds everything; equal to the base when nothing was changed. */
  readonly commit: CommitId;
  /**
   * Every path that the work changes: what differs between {@link commit} and its merge base with the base of
   * the workspace. A commit that the base has and the work has not is no change.
   */
  readonly changes: readonly ChangedPath[];
  /** True when pwt committed what the agent had left uncommitted. */
  readonly committedLeftovers: boolean;
  /** What the commit leaves out, or has and should be looked at. None of severity `error`. */
  readonly findings?: readonly Finding[];
  /** A snapshot of what the commit does not have, such as files that were staged and then changed again. */
  readonly snapshot?: Snapshot;
}

/** Work that can't be collected now. It stays in the workspace, and is collected again when the cause is put right. */
export interface HeldWork {
  readonly status: 'held';
  /** The causes, with at least one of severity `error`. */
  readonly findings: readonly Finding[];
  readonly snapshot?: Snapshot;
}

/** A commit in the project's object store that keeps the state of a workspace, and the ref that keeps the commit. */
export interface Snapshot {
  /** In full; below `refs/pwt/<run>/snapshots/<task>/`. */
  readonly ref: string;
  readonly commit: CommitId;
}

export interface SnapshotRequest {
  readonly workspace: Workspace;
  /** Why it was taken, in a few words for people: `failed`, `before retry`. */
  readonly reason: string;
}

export interface MoveOntoRequest {
  readonly workspace: Workspace;
  readonly onto: CommitId;
  /** The message for work that is uncommitted. */
  readonly message: string;
  /** Files that are joined line by line, as where work is integrated. */
  readonly lists?: readonly string[];
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

export interface MovedOnto {
  readonly workspace: Workspace;
  readonly outcome: MovedWorkspace;
}

/** Something that is kept for a limited time: a snapshot, or the ignored files of a removed workspace. */
interface KeptForATime {
  readonly kind: 'snapshot' | 'ignored-files';
  /** The ref of a snapshot; the absolute path of files. */
  readonly name: string;
  readonly runId?: string;
  readonly taskId?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * What was done with one of them. `listed`: the first call after `deletableFrom` (milliseconds since the epoch)
 * deletes it.
 */
export type Expiry = KeptForATime &
  ({ readonly status: 'listed'; readonly deletableFrom: number } | { readonly status: 'deleted' });

export interface ExpireRequest {
  readonly olderThanDays: number;
  /** Commits in which work is safe, by run: what is contained in them needs no snapshot. */
  readonly containedIn?: Readonly<Record<string, CommitId>>;
  /** Only report what would be listed or deleted now. */
  readonly dryRun?: boolean;
}

/** Work that is on the target in another commit than its own: squashed, rebased, or without what it was built on. */
export interface LandedAs {
  /** The last commit of the work. */
  readonly commit: CommitId;
  /** The commit with which it landed. */
  readonly as: CommitId;
  /** The history on which the work was made, if only its own changes landed. */
  readonly over?: CommitId;
  /**
   * Set if the commit may have more than the work: what marks its task as done. In these files that may be in lines beside those
   * of the work, elsewhere only in files that the work leaves alone.
   */
  readonly marked?: readonly string[];
}

export interface RemoveRequest {
  readonly workspace: Workspace;
  /** The workspace goes only if its work is contained in this commit; absent: only with {@link force}. */
  readonly containedIn?: CommitId;
  /**
   * Work of the workspace that landed as another commit. It counts as contained if {@link containedIn} contains that
   * commit, and if the provider finds that this commit has all of its changes.
   */
  readonly landedAs?: LandedAs;
  /**
   * Give up uncommitted work (`dirty`) or unmerged commits (`unmerged`); each must be named. The provider keeps
   * both in a snapshot first, and removes nothing if it can't; ignored files go to a trash.
   */
  readonly force?: readonly ('dirty' | 'unmerged')[];
  /** For the snapshot, if one is taken. @default 'before removal' */
  readonly reason?: string;
}

export type RemoveOutcome =
  /** `snapshot`: keeps what the removal would have lost. */
  | { readonly status: 'removed'; readonly snapshot?: Snapshot }
  | { readonly status: 'gone'; readonly snapshot?: Snapshot }
  | {
      readonly status: 'kept';
      readonly reason: 'dirty' | 'unmerged' | 'not-ours' | 'in-use';
      readonly message: string;
      /** The command after which it can be removed. */
      readonly hint?: string;
    };

/**
 * Makes and removes workspaces. All methods are idempotent: after a crash they are called again.
 *
 * Workspaces may be on other machines ({@link Workspace.host}). Where such a machine is lost, the provider may make a workspace
 * anew on another one, with what it has of the work: {@link create} and {@link moveOnto} return it with its new `host` and `path`,
 * under the same `id`. The other methods take both records for it, the one before and the new one. What can't be asked of
 * a machine is never answered in its place: {@link remove} and {@link foresee} answer `kept`, `in-use`.
 */
export interface WorkspaceProvider {
  /** For messages and for {@link Workspace.provider}. */
  readonly name: string;
  /** It has several machines, and looks at {@link CreateWorkspaceRequest.runsOn}. @default false: labels are ignored */
  readonly placesByLabels?: boolean;
  /**
   * Called before a run starts: checks that workspaces can be made at their location. Makes nothing.
   * @throws PwtError that says what to change
   */
  check?(): Promise<void>;
  /**
   * Makes the workspace of a task, or finds the one that this very run made for it before.
   * Throws `PWT_WORKTREE_EXISTS` or `PWT_BRANCH_EXISTS` if something else has its path or branch: nothing of
   * the user's is ever deleted or reset.
   */
  create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace>;
  /**
   * Makes the workspace of a task ready before the task is dispatched, set-up included, or moves the one that is ready to
   * another base. {@link create} with that base then hands it over and makes nothing; with another base it moves it first.
   * One in which anything was changed meanwhile is never handed over: what it has is kept, and a new one is made.
   *
   * Until it is handed over it is no task's: {@link list} gives it as a scratch workspace, and {@link remove} and
   * {@link close} remove it. Calls for the same task take turns.
   *
   * @returns the workspace as {@link list} gives it; `undefined` if the task has one already, or if none can be kept ready, also
   *   where that would have to wait for a machine
   * @throws as {@link create}; nothing is left then
   */
  prepare?(request: CreateWorkspaceRequest): Promise<Workspace | undefined>;
  /** A detached checkout of a commit, for gates. Removed with {@link remove}. */
  scratch(request: ScratchWorkspaceRequest): Promise<Workspace>;
  /**
   * Every workspace with this provider's mark, of one run or of all. One that is kept ready for a task is a scratch
   * workspace with a branch.
   */
  list(request?: { readonly runId?: string }): Promise<readonly Workspace[]>;
  /** Commits what is uncommitted, and puts the result into the project's object store. */
  collect(request: CollectRequest): Promise<CollectOutcome>;
  /**
   * Brings a task's workspace onto another base: merges `onto` into its branch, after committing what is uncommitted. Where
   * that conflicts, the merge stays in the workspace as git leaves it, with markers and a merge under way.
   *
   * Idempotent: where `onto` is contained already, or where this very merge is under way, it says so again. With `kept`, nothing
   * has changed. {@link collect} of a workspace whose merge is not finished is held.
   *
   * @returns the workspace with its new base, or as it was; one whose machine was lost, with the place where it is now
   */
  moveOnto?(request: MoveOntoRequest): Promise<MovedOnto>;
  /** The changes that {@link collect} would find right now, uncommitted work included. Changes nothing. */
  changes(workspace: Workspace): Promise<readonly ChangedPath[]>;
  /** Removes workspace and branch, only with evidence that the work is safe. */
  remove(request: RemoveRequest): Promise<RemoveOutcome>;
  /** What {@link remove} would return now for the same request. Changes nothing. */
  foresee?(request: RemoveRequest): Promise<RemoveOutcome>;
  /**
   * Puts the whole state of a task's workspace (commits, staged, unstaged, untracked; not ignored files) into the
   * project's object store and keeps it under a ref. Changes nothing in the workspace; the agent may be
   * running. The same state is kept once: a further call returns the same snapshot.
   *
   * `undefined` if there is nothing beyond what the workspace's base and branch hold. Of a workspace whose machine is lost, it
   * keeps what was saved of it before, and does not wait for another machine.
   * @throws PwtError if it can't keep everything; then nothing may be removed
   */
  snapshot?(request: SnapshotRequest): Promise<Snapshot | undefined>;
  /**
   * Deletes snapshots whose content is safe elsewhere. Deletes older ones than `olderThanDays`, if an earlier call has
   * listed them.
   */
  expire?(request: ExpireRequest): Promise<readonly Expiry[]>;
  /**
   * Called at the end of a run: deletes what was kept to be used, such as scratch checkouts and workspaces that no task
   * got, and snapshots whose content is contained in `landed`.
   */
  close?(request: { readonly runId: string; readonly landed?: CommitId }): Promise<void>;
}

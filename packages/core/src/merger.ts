import type { Finding } from './finding.js';
import type { WorkSubject } from './subject.js';
import type { FileEdit, ReadFile } from './task.js';
import type { CommitId } from './workspace.js';

export interface OpenIntegrationRequest {
  readonly runId: string;
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  /** Where the integration ref starts if it does not exist yet. */
  readonly start: CommitId;
}

/**
 * What a task's work becomes when it is integrated. The files are the same with all of them: those of a merge.
 *
 * - `merge`: a merge commit; the task's own commits are behind it.
 * - `squash`: one commit with one parent, under the title of the task.
 * - `rebase`: one commit with one parent, with the author, the author's date and the message of the task's own commit.
 */
export type MergeStrategy = 'merge' | 'squash' | 'rebase';

export interface IntegrateRequest {
  readonly runId: string;
  /** The work that is merged. */
  readonly subject: WorkSubject;
  /** What the work is put on: the tip of the integration ref, or a commit that puts other tasks on it. */
  readonly onto: CommitId;
  readonly commit: CommitId;
  /** The message of a merge commit; what the message of a squashed commit starts with. A rebased commit has its own. */
  readonly message: string;
  /** @default 'merge' */
  readonly strategy?: MergeStrategy;
  /** Lines such as `Pwt-Spec: specs/20.md`, which are put into the last paragraph of the message. */
  readonly trailers?: readonly string[];
  /**
   * Files in which many tasks have lines of their own, such as a list of tasks. Where both sides have changed such a file and
   * git sees a conflict, it is joined line by line: lines that only one side has changed, or both in the same way, are none.
   */
  readonly lists?: readonly string[];
  /**
   * Further changes, made on the joined files in the same commit. It gives the same for the same files, and nothing for files
   * that have the changes already. If it throws, nothing is integrated.
   */
  readonly edit?: (read: ReadFile) => Promise<readonly FileEdit[]>;
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

/** A change of {@link IntegrateRequest.edit} that was not made; the others were, and so was the commit. */
export interface RefusedEdit {
  readonly path: string;
  /**
   * - `outside`: the path leads out of the repository, or into a git directory.
   * - `link`: the path, or a folder of it, is a symbolic link.
   * - `not-a-file`: a folder or a submodule is there, or a file is where the path needs a folder.
   * - `clashing`: on this file system the new name is that of another file.
   */
  readonly reason: 'outside' | 'link' | 'not-a-file' | 'clashing';
}

export interface ConflictedPath {
  readonly path: string;
  /** For example `content`, `add/add`, `modify/delete`; absent when git names none. */
  readonly kind?: string;
}

export type IntegrateOutcome =
  /** `commit` has `onto` as its first parent and is kept alive by a ref. It is not yet the tip of the integration ref. */
  | {
      readonly status: 'merged';
      readonly commit: CommitId;
      /** `onto` contains the work already: the commit has the changes of `edit` alone. */
      readonly onlyEdits?: true;
      readonly refused?: readonly RefusedEdit[];
    }
  /**
   * `onto` contains the commit already; with the strategies `squash` and `rebase`, or everything that it changes. And `edit`
   * changes nothing.
   */
  | { readonly status: 'contained'; readonly refused?: readonly RefusedEdit[] }
  | { readonly status: 'conflicted'; readonly paths: readonly ConflictedPath[] };

export type AdvanceOutcome =
  | { readonly status: 'advanced' }
  | { readonly status: 'moved'; readonly tip: CommitId };

export interface LandRequest {
  readonly runId: string;
  readonly target: string;
  /** What the target is expected to be at. */
  readonly from: CommitId;
  readonly to: CommitId;
}

export type LandOutcome =
  /** `findings`: what is wrong in the checkout although the target has moved. */
  | { readonly status: 'landed'; readonly findings?: readonly Finding[] }
  /** The target was moved by others; `tip` is where it is now, absent if the branch is gone. */
  | { readonly status: 'moved'; readonly tip?: CommitId }
  /** A checkout of the target can't be updated without changing something of the user's. */
  | {
      readonly status: 'refused';
      readonly reason: 'dirty' | 'untracked' | 'ignored' | 'in-progress' | 'locked' | 'checkout';
      readonly paths: readonly string[];
      readonly message: string;
    };

export interface ReplayRequest extends IntegrateRequest {
  /** The history on which `commit` was made: its changes are those since its merge base with this commit. */
  readonly over: CommitId;
}

/** A commit as it is shown to people. */
export interface CommitNote {
  readonly id: CommitId;
  /** The first line of its message. */
  readonly subject: string;
}

/**
 * Merges finished work without a checkout, and moves the target. A gate runs between {@link integrate} and {@link advance};
 * what lands is exactly what it tested.
 */
export interface Merger {
  /** For messages. */
  readonly name: string;
  /**
   * Called before a run starts or goes on: checks that commits can be made as the user's configuration asks. Changes nothing.
   * @throws PwtError that says what to change
   */
  check?(): Promise<void>;
  /** Makes the integration ref of the run, or finds it again. Returns its tip. */
  open(request: OpenIntegrationRequest): Promise<{ readonly tip: CommitId }>;
  /** Merges objects; touches no checkout and does not move the integration ref. */
  integrate(request: IntegrateRequest): Promise<IntegrateOutcome>;
  /** Moves the integration ref by compare-and-swap. */
  advance(request: {
    readonly runId: string;
    readonly from: CommitId;
    readonly to: CommitId;
  }): Promise<AdvanceOutcome>;
  /** Moves the target by compare-and-swap, and the files of a checkout that has it checked out. */
  land(request: LandRequest): Promise<LandOutcome>;
  /** Where a branch is now; `undefined` if it does not exist. */
  tip(branch: string): Promise<CommitId | undefined>;
  /** True if `ancestor` is contained in `descendant`. */
  contains(request: { readonly ancestor: CommitId; readonly descendant: CommitId }): Promise<boolean>;
  /**
   * The id of a commit's tree: what a gate says of one commit, it says of every commit with the same tree. Without it, a
   * verdict counts for its commit alone.
   */
  tree?(commit: CommitId): Promise<string>;
  /**
   * The paths in which the trees of two commits differ, both names of a renamed file. Without it, a gate is told to test
   * everything.
   */
  changedPaths?(request: { readonly from: CommitId; readonly to: CommitId }): Promise<readonly string[]>;
  /**
   * Applies the changes of a commit onto another history: one commit, with `onto` as its only parent, so nothing else of the
   * old history comes with it. Moves no branch and not the integration ref, as {@link integrate}. The strategy says whose
   * author and message the commit has; with `merge` they are those of `squash`, without a list of commits.
   */
  replay?(request: ReplayRequest): Promise<IntegrateOutcome>;
  /**
   * Moves the integration ref to a new start, by compare-and-swap, and keeps its old tip under another ref of the run. The
   * only move of it that is not a fast-forward.
   */
  restart?(request: {
    readonly runId: string;
    readonly from: CommitId;
    readonly to: CommitId;
  }): Promise<AdvanceOutcome>;
  /** The commits of `known` that `tip` does not contain, newest first; `limit` at most, and their number. */
  missing?(request: {
    readonly known: CommitId;
    readonly tip: CommitId;
    readonly limit: number;
  }): Promise<{ readonly commits: readonly CommitNote[]; readonly total: number }>;
  /**
   * Finds checkouts of the target whose files stayed at `from` when the branch was moved to `to`, and updates their files if
   * that changes nothing of the user's. Absent if branches have no checkouts.
   *
   * With `onlyLook`, no file is changed, and each of them is an error.
   */
  updateCheckouts?(request: LandRequest & { readonly onlyLook?: boolean }): Promise<readonly Finding[]>;
  /**
   * Removes the run's own refs whose commits are contained in `landed`, and its candidates, which hold only work of tasks
   * that is on their branches. Keeps the others.
   */
  close(request: { readonly runId: string; readonly landed: CommitId }): Promise<void>;
}

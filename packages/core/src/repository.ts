import type { RepositoryWatch, WatchRequest } from './repository-watch.js';
import type { CommitId } from './workspace.js';

/**
 * An observation of a repository: everything that others can change, as plain data, to be compared with a later one by
 * {@link compareRepository}.
 *
 * What pwt itself changes (the refs of the run, the branches of its tasks) is left out.
 */
export interface RepositoryState {
  readonly target: {
    /** Without `refs/heads/`. */
    readonly branch: string;
    /** `null` if the branch does not exist. */
    readonly tip: CommitId | null;
  };
  /** The user's own checkout first, then every other one of the target. */
  readonly checkouts: readonly CheckoutState[];
  /** The shared configuration first, then that of the user's own checkout, if it has one. */
  readonly config: readonly ConfigState[];
  /** Hooks, attributes, excludes and what else steers git from within its directory: content by path, as a digest. */
  readonly control: Readonly<Record<string, string>>;
  /** Local branches, tags, refs of other runs, replacements and notes: id by full name. */
  readonly refs: Readonly<Record<string, string>>;
  readonly stash: {
    /** A digest of all entries; empty if there is none. */
    readonly entries: string;
    /** What the newest entry says of itself. */
    readonly newest?: string;
  };
  /** What `git status` finds in the user's own checkout, by path; `null` if git does not recognise it any more. */
  readonly files: Readonly<Record<string, FileState>> | null;
  /** Set if git does not recognise the repository any more: its message. Then only `config` and `control` are valid. */
  readonly unreadable?: string;
}

/** A place where files are checked out. */
export interface CheckoutState {
  /** Absolute. */
  readonly path: string;
  /** Without `refs/heads/`; `null` if HEAD is detached. */
  readonly branch: string | null;
  readonly commit: CommitId | null;
}

/** One configuration file with what it includes. */
export interface ConfigState {
  /** Absolute. */
  readonly file: string;
  /** By key; where it decides on whether there is a working tree, the value as it is, else a digest of it. */
  readonly values: Readonly<Record<string, string>>;
  /** The keys by which git runs commands. */
  readonly commands: readonly string[];
}

/** A path that is not as it was committed. */
export interface FileState {
  /** What is staged for it; empty if nothing is. */
  readonly staged: string;
  /** How the file differs from that, with its size and time, so that a further edit is seen. */
  readonly edited: string;
}

export interface ObserveRequest {
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  readonly runId: string;
  /** Branches that pwt has made for the tasks of this run, without `refs/heads/`. */
  readonly ownBranches: readonly string[];
  /**
   * Look only at what may have changed since an observation: of the files in the user's checkout these, and all the rest.
   * The answer is the same as without it if no other file has changed.
   */
  readonly only?: { readonly since: RepositoryState; readonly files: readonly string[] };
  /** See {@link throwIfAborted}. */
  readonly abortSignal?: AbortSignal;
}

/** The observations that a run compares with, also in another process. */
export interface RepositoryRecord {
  /** The one at the start of the run. */
  readonly start: RepositoryState;
  /** The last one. */
  readonly last: RepositoryState;
  /** The one at which files, index and refs were last reported. */
  readonly reported: RepositoryState;
}

/** Observes the repository as other programs of the user see it. Changes nothing in it. */
export interface RepositoryObserver {
  readonly name: string;
  observe(request: ObserveRequest): Promise<RepositoryState>;
  /** Stores a record for {@link recall}; it replaces the one before. */
  keep(runId: string, record: RepositoryRecord): Promise<void>;
  /** The stored record; `undefined` if there is none, or if it can't be read. */
  recall(runId: string): Promise<RepositoryRecord | undefined>;
  /** Watches from now on. Absent: what changes is seen when somebody looks, and nothing tells who it was. */
  watch?(request: WatchRequest): Promise<RepositoryWatch>;
}

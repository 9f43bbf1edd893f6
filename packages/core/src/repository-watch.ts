import type { Claim } from './claim.js';
import type { RepositoryChange } from './repository-change.js';
import type { Workspace } from './workspace.js';

/** An agent that runs, for a watch that tells who did what. */
export interface FollowedAgent {
  readonly taskId: string;
  readonly workspace: Workspace;
  /** The claims of its task. */
  readonly claims: readonly Claim[];
  /** Of its attempt; what its git commands have done is told there (see {@link gitTraceVariables}), and its output kept. */
  readonly stateDir: string;
  /** What its processes carry as `PWT_MARK`; absent where the launcher does not tell. */
  readonly mark?: string;
}

export interface WatchRequest {
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  readonly runId: string;
  /** Branches that pwt has made for the tasks of this run, without `refs/heads/`. */
  readonly ownBranches: () => readonly string[];
  /** Something may have changed that {@link RepositoryObserver.observe} sees. Never called from within a call of the watch. */
  readonly onNotice: (notice: RepositoryNotice) => void;
  /** An agent was seen to work in the workspace of another task. */
  readonly onIntrusion: (intrusion: Intrusion) => void;
  /** Part of what happens is not seen from now on, other than by looks that others make. */
  readonly onBlind?: (blind: WatchBlind) => void;
}

/** What a watch does not see. */
export interface WatchBlind {
  /** `full`: the system gives no more watches; `failed`: something went wrong. */
  readonly status: 'full' | 'failed';
  /** What is not watched, and why: a sentence without its end. */
  readonly reason: string;
}

/** What is worth a look. */
export interface RepositoryNotice {
  /** Files of the user's checkout, relative to its top. */
  readonly files: readonly string[];
  /** Refs, HEAD, index, configuration or hooks. */
  readonly git: boolean;
}

/** Work of an agent in a workspace that is another task's. */
export interface Intrusion {
  /** The task whose agent it was: several where nothing tells them apart. Never empty. */
  readonly taskIds: readonly string[];
  /** The task whose workspace it is. */
  readonly victim: string;
  readonly workspace: Workspace;
  /** `switched`: HEAD of the workspace was moved; `wrote`: files were written. */
  readonly what: 'switched' | 'wrote';
  /** What was written, as it was left; empty if HEAD was moved. */
  readonly files: readonly IntrudedFile[];
  /** By what it is known, for people: part of a sentence. */
  readonly evidence: string;
  /** Its own git told so: it is certain. */
  readonly byGit?: true;
}

/** A file that somebody else's agent has left in a workspace. */
export interface IntrudedFile {
  /** Relative to the workspace. */
  readonly path: string;
  /** A SHA-256, in hexadecimal, of its content, or of `link ` and where a symbolic link leads; `null` if the file was deleted. */
  readonly digest: string | null;
}

/**
 * Who has changed something. `known`: the agents of these tasks; `nobody`: no agent that runs; `unclear`: one of these, or
 * somebody else.
 */
export type Blame =
  | { readonly status: 'known'; readonly taskIds: readonly string[]; readonly evidence: string }
  | {
      readonly status: 'unclear';
      readonly taskIds: readonly string[];
      /** Set if only those are named that were at work at that moment. */
      readonly atWork?: true;
    }
  | { readonly status: 'nobody' };

/** Watches a repository, and the workspaces of agents, while they run. Changes nothing in them. */
export interface RepositoryWatch {
  /** The agents that run from now on. Of those that are not named any more, what they have done is remembered for a while. */
  follow(agents: readonly FollowedAgent[]): void;
  /**
   * Who made a change that was just seen.
   *
   * @param since when what changed was last seen unchanged, in milliseconds since the epoch
   */
  blame(change: RepositoryChange, since: number): Promise<Blame>;
  /** Resolves when all that was noticed so far is judged and told. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** The file in the directory of an attempt to which the agent's git tells what it does (git-trace2, event format). */
export const GIT_TRACE_FILE = 'git-trace';

/** Makes git tell in this file which commands ran where: a few lines for each. See api-trace2 of git. */
export function gitTraceVariables(file: string): Readonly<Record<string, string>> {
  return { GIT_TRACE2_EVENT: file, GIT_TRACE2_EVENT_BRIEF: '1', GIT_TRACE2_EVENT_NESTING: '0' };
}

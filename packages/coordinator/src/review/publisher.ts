import type { CommitId } from '@pwt/core';

/** What became of a push. `refused`: the branch there has commits that are not this run's, or the remote does not take it. */
export type PushOutcome =
  | { readonly status: 'pushed' }
  | { readonly status: 'refused'; readonly message: string; readonly hint?: string };

/** The words of a pull request. They come from outside: text, never a part of a command. */
export interface ProposalWords {
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** Puts branches on a remote, and opens pull requests for them. */
export interface Publisher {
  /** The name of the remote. */
  readonly remote: string;
  /** Moves the branch there to the commit, from nowhere or from one of `mayReplace`. */
  push(request: {
    readonly branch: string;
    readonly commit: CommitId;
    readonly mayReplace: readonly CommitId[];
  }): Promise<PushOutcome>;
  /** Opens a pull request for a branch that is there; one that is open already is found. */
  open(
    request: ProposalWords & { readonly branch: string; readonly target: string },
  ): Promise<{ readonly url: string }>;
}

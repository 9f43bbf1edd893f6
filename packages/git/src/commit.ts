import type { Git } from './git.js';
import { type Identity, identityEnvironment } from './identity.js';

export interface CommitTreeRequest {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Taken as it is, without clean-up. */
  readonly message: string;
  /** @default git's own identity */
  readonly author?: Identity;
  readonly committer?: Identity;
  /**
   * Where no identity is configured, take git's guess from the host's name; with false that is PWT_GIT_FAILED.
   * @default true
   */
  readonly guessIdentity?: boolean;
}

/** Writes a commit object, unsigned; moves no ref. Returns its id. */
export async function commitTree(git: Git, request: CommitTreeRequest): Promise<string> {
  const parents = request.parents.flatMap((parent) => ['-p', parent]);
  const identity = request.guessIdentity === false ? ['-c', 'user.useConfigOnly=true'] : [];
  return git.text([...identity, 'commit-tree', '--no-gpg-sign', ...parents, '-F', '-', request.tree], {
    input: request.message,
    env: identityEnvironment(request.author, request.committer),
  });
}

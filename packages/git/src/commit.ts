import type { Git } from './git.js';
import { type Identity, identityEnvironment } from './identity.js';
import { type Signing, signingArguments, whileSigning } from './signing.js';

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
  /** @default unsigned, whatever is configured */
  readonly signing?: Signing | undefined;
  /** More environment for git. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Writes a commit object; moves no ref. Returns its id.
 *
 * @throws PWT_SIGNING_FAILED
 */
export async function commitTree(git: Git, request: CommitTreeRequest): Promise<string> {
  const { signing, message, tree } = request;
  const parents = request.parents.flatMap((parent) => ['-p', parent]);
  const identity = request.guessIdentity === false ? ['-c', 'user.useConfigOnly=true'] : [];
  const env = { ...identityEnvironment(request.author, request.committer), ...request.env };
  const rest = [...parents, '-F', '-', tree];
  if (signing === undefined) {
    return git.text([...identity, 'commit-tree', '--no-gpg-sign', ...rest], { input: message, env });
  }
  const args = [...identity, ...(await signingArguments(git, signing)), 'commit-tree', '--gpg-sign', ...rest];
  return whileSigning(signing, (abortSignal) => git.text(args, { input: message, env, abortSignal }));
}

import { resolve } from 'node:path';
import { defined } from '@pwt/core';
import { type ConfigEntry, readConfig, repositoryConfig } from './door/repository-config.js';
import type { Git } from './git.js';
import { type GitDirectories, readHeadFiles } from './head.js';
import { findHiddenWorktree, type HiddenWorktree } from './hidden-worktree.js';
import { locate } from './locate.js';
import { resolveCommit } from './refs.js';
import { type Signing, signingOf } from './signing.js';

/** What pwt knows about a repository, seen from one directory. Paths are absolute. */
export interface Repository {
  /** Top of the working tree that holds the directory; `null` in a bare repository or inside `.git`. */
  readonly topLevel: string | null;
  /** This working tree's own git directory (`.git`, or `.git/worktrees/<name>` in a linked worktree). */
  readonly gitDir: string;
  /** The git directory that all worktrees share: objects, refs, configuration. */
  readonly commonDir: string;
  readonly bare: boolean;
  /** Full name of the branch checked out (`refs/heads/main`), unborn or not; `null` if HEAD is detached. */
  readonly headBranch: string | null;
  /** Id of the commit checked out; `null` while there is none. */
  readonly headCommit: string | null;
  readonly objectFormat: 'sha1' | 'sha256';
  /** How refs are stored: `files`, `reftable`, or a name that a later git brings. */
  readonly refFormat: string;
  /** What the repository's own configuration files say. */
  readonly config: readonly ConfigEntry[];
  /** Where `core.hooksPath` says that hooks are, as it is written. */
  readonly hooksPath?: string;
  /** How the user's own git signs commits; absent if it does not. */
  readonly signing?: Signing;
  /** The working tree around the directory, if git does not recognise it as one. */
  readonly hidden?: HiddenWorktree;
}

/**
 * Describes the repository that holds the directory of `git`.
 *
 * @throws PWT_NOT_A_REPOSITORY, PWT_GIT_UNSAFE_OWNER, PWT_GIT_NOT_FOUND, PWT_CWD_NOT_FOUND
 */
export async function discoverRepository(git: Git): Promise<Repository> {
  const { commonDir, ...location } = await locate(git);
  const [head, entries] = await Promise.all([
    describeHead(git, { gitDir: location.gitDir, commonDir }),
    readConfig(git),
  ]);
  const config = new Map(entries.map(({ key, value }) => [key, value ?? 'true']));
  const hidden = await findHiddenWorktree(git.cwd, { topLevel: location.topLevel, commonDir });
  return {
    ...defined({ hidden, signing: signingOf(entries), hooksPath: config.get('core.hookspath') }),
    ...location,
    commonDir,
    headBranch: head.branch,
    headCommit: head.commit,
    refFormat: config.get('extensions.refstorage') ?? 'files',
    config: repositoryConfig(entries).map((entry) => ({
      ...entry,
      // Git names its files relative to the top of the working tree.
      file: resolve(location.topLevel ?? git.cwd, entry.file),
    })),
  };
}

/** What is checked out; the branch is known before there is a commit, too. */
async function describeHead(
  git: Git,
  where: GitDirectories,
): Promise<{ readonly branch: string | null; readonly commit: string | null }> {
  const known = await readHeadFiles(where);
  if (known) return known;
  const [head, commit] = await Promise.all([
    git.run(['symbolic-ref', '--quiet', 'HEAD'], { discover: true, okExitCodes: [0, 1] }),
    resolveCommit(git, 'HEAD'),
  ]);
  return { branch: head.exitCode === 0 ? head.stdout.trimEnd() : null, commit };
}

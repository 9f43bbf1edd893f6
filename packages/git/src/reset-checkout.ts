import { join } from 'node:path';
import { isPwtError } from '@pwt/core';
import type { Git } from './git.js';
import { readGitDir } from './git-dir.js';
import { readHeadFiles } from './head.js';
import { findHidden } from './hidden.js';
import { readIndexRecords } from './index-flags.js';
import { mayEscapeCheckout } from './may-have-flags.js';
import { readWorktreeStatus } from './status.js';

/**
 * Brings a working tree to exactly a commit, with HEAD detached: edited and deleted files are as in the commit, and
 * nothing else is left, ignored files and repositories inside it included.
 *
 * `git checkout --force` looks at every tracked file, assumed unchanged or not, and `git clean` at every folder; both
 * fail if they can't do their part. Only what they leave alone (submodules, files that are not checked out) is looked
 * for afterwards. On 100,000 files both together take a quarter of a new checkout or less.
 *
 * @param git works in a linked working tree that is pwt's own
 * @returns false if it can't be brought there; then it must not be used
 */
export async function resetCheckout(git: Git, { commonDir, commit }: ResetRequest): Promise<boolean> {
  try {
    await git.run(['checkout', '--quiet', '--force', '--detach', commit]);
    await git.run(['clean', '-ffdxq']);
  } catch (error) {
    // A lock of a killed git, a folder that may not be written to, a process that still writes there.
    if (isPwtError(error) && error.code === 'PWT_GIT_FAILED') return false;
    throw error;
  }
  const gitDir = await readGitDir(git);
  if (await mayEscapeCheckout(join(gitDir, 'index'))) return isClean(git, commit);
  const head = await readHeadFiles({ gitDir, commonDir });
  return head?.commit === commit && head.branch === null;
}

export interface ResetRequest {
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** A full id. */
  readonly commit: string;
}

async function isClean(git: Git, commit: string): Promise<boolean> {
  const { entries, headCommit, headBranch } = await readWorktreeStatus(git);
  if (entries.length > 0 || headCommit !== commit || headBranch !== null) return false;
  const records = await readIndexRecords(git);
  // Such a flag would hide what the next user of the worktree does to the file.
  if (records === null || records.some(({ tag }) => tag !== tag.toUpperCase())) return false;
  return (await findHidden(git)).length === 0;
}

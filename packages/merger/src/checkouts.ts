import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, type Operation, readGitDir, readOperationState, type WorktreeEntry } from '@pwt/git';

/** A working tree that is on a branch, or will come back to it when an operation ends. */
export interface BranchCheckout {
  readonly path: string;
  readonly gitDir: string;
  /** Runs in that working tree. */
  readonly git: Git;
  /** `null` if it is in the middle of nothing. */
  readonly operation: Operation | null;
}

/**
 * The working trees (main and linked) that a move of the branch would leave behind.
 *
 * During a rebase or bisect HEAD is detached, and git only remembers the branch: such a tree counts, because
 * the end of the operation moves or restores the branch. Worktrees whose directory is gone do not count.
 */
export async function findCheckouts(
  git: Git,
  ref: string,
  worktrees: readonly WorktreeEntry[],
): Promise<BranchCheckout[]> {
  const found: BranchCheckout[] = [];
  for (const entry of worktrees) {
    if (entry.bare || entry.prunable !== null) continue;
    if (entry.branch !== null && entry.branch !== ref) continue;
    const own = git.at(entry.path);
    const gitDir = await readGitDir(own);
    if (entry.branch !== ref && (await suspendedBranch(gitDir)) !== ref) continue;
    const { operation } = await readOperationState(own);
    found.push({ path: entry.path, gitDir, git: own, operation });
  }
  return found;
}

/** The branch that a rebase or bisect goes back to. */
async function suspendedBranch(gitDir: string): Promise<string | null> {
  for (const name of ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']) {
    const text = await readFile(join(gitDir, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    if (text !== null) {
      const branch = text.trim();
      return name === 'BISECT_START' ? `refs/heads/${branch}` : branch;
    }
  }
  return null;
}

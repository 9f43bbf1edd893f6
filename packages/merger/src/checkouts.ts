import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, gitDirAt, type Operation, readOperationState, type WorktreeEntry } from '@pwt/git';

/** A working tree that is on a branch, or returns to it when an operation ends. */
export interface BranchCheckout {
  readonly path: string;
  readonly gitDir: string;
  /** Runs in that working tree. */
  readonly git: Git;
  /** The rebase, merge or the like that is in progress; `null` if none is. */
  readonly operation: Operation | null;
}

/**
 * The working trees (main and linked) that a move of the branch would leave behind.
 *
 * During a rebase or bisect HEAD is detached, and git only remembers the branch: such a tree counts, because
 * the end of the operation moves or restores the branch. Worktrees whose directory is gone, or goes while it is
 * looked at, do not count.
 */
export async function findCheckouts(
  git: Git,
  ref: string,
  worktrees: readonly WorktreeEntry[],
  { commonDir }: { readonly commonDir: string },
): Promise<BranchCheckout[]> {
  const found: BranchCheckout[] = [];
  for (const { path, gitDir, branch, present } of worktrees) {
    if (!present || (branch !== null && branch !== ref)) continue;
    if (branch !== ref && (await suspendedBranch(gitDir)) !== ref) continue;
    const own = git.inWorktree({ path, gitDir, commonDir });
    const operation = await operationIn(own, gitDir);
    if (operation !== undefined) found.push({ path, gitDir, git: own, operation });
  }
  return found;
}

/** `undefined` if the worktree has gone meanwhile. */
async function operationIn(git: Git, gitDir: string): Promise<Operation | null | undefined> {
  const isThere = async () => (await gitDirAt(git.cwd)) === gitDir;
  if (!(await isThere())) return undefined;
  try {
    return (await readOperationState(git)).operation;
  } catch (error) {
    if (await isThere()) throw error;
    return undefined;
  }
}

/**
 * The worktrees on the branch whose files pwt can't see: on a disk that is not mounted (worktrees are locked for
 * that), or the main one where git does not record where it is. Their files would not follow the branch.
 */
export function findUnseen(ref: string, worktrees: readonly WorktreeEntry[]): WorktreeEntry[] {
  return worktrees.filter(({ branch, present, prunable }) => branch === ref && !present && prunable === null);
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

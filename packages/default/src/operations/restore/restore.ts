import { lstat, readdir } from 'node:fs/promises';
import { PwtError, shellQuote } from '@pwt/core';
import {
  isValidBranchName,
  type RestoredInner,
  restoreBranch,
  restoreWorktree,
  type SnapshotEntry,
} from '@pwt/git';
import type { Project } from '../../project/project.js';

/** Where a snapshot is restored to. */
export type RestoreTarget =
  /** A directory that does not exist, or is empty; absolute. */
  { readonly directory: string } | { readonly branch: string };

export interface Restored {
  readonly snapshot: SnapshotEntry;
  /** Of the new worktree. */
  readonly directory?: string;
  /** Repositories that were inside, with their git directories. */
  readonly inner?: readonly RestoredInner[];
  readonly branch?: string;
  /** The tip of the new branch. */
  readonly commit?: string;
}

/**
 * Restores a snapshot, and changes nothing that exists: as a new linked worktree (files, what was staged, an operation in
 * progress; HEAD detached where it was), or as a new branch. The snapshot stays.
 *
 * @throws PwtError `PWT_RESTORE_OCCUPIED` if something is in the directory, `PWT_BRANCH_EXISTS`,
 *   `PWT_BAD_REF_NAME`
 */
export async function restore(
  { git }: Pick<Project, 'git'>,
  snapshot: SnapshotEntry,
  target: RestoreTarget,
): Promise<Restored> {
  if ('branch' in target) return toBranch(git, snapshot, target.branch);
  const { directory } = target;
  await requireRoom(directory);
  return { snapshot, directory, inner: await restoreWorktree(git, snapshot, directory) };
}

async function toBranch(git: Project['git'], snapshot: SnapshotEntry, branch: string): Promise<Restored> {
  if (!isValidBranchName(branch)) {
    throw new PwtError('PWT_BAD_REF_NAME', `git does not take ${branch} as the name of a branch.`, {
      hint: 'The rules: git help check-ref-format',
      data: { branch },
    });
  }
  const outcome = await restoreBranch(git, snapshot, branch);
  if (outcome.status === 'made') return { snapshot, branch, commit: outcome.commit };
  throw new PwtError('PWT_BRANCH_EXISTS', `The branch ${branch} already exists.`, {
    hint: `Nothing was changed. Take another name: pwt restore ${shellQuote(snapshot.taskId)} --branch ${shellQuote(`${branch}-restored`)}`,
    data: { branch },
  });
}

async function requireRoom(directory: string): Promise<void> {
  const stats = await lstat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stats === undefined || (stats.isDirectory() && (await readdir(directory)).length === 0)) return;
  throw new PwtError('PWT_RESTORE_OCCUPIED', `Something is in ${directory} already.`, {
    hint: `Nothing was changed. Name a directory that does not exist: ${shellQuote(`${directory}-restored`)}`,
    data: { directory },
  });
}

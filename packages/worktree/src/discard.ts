import {
  dropRef,
  findUnfinishedAt,
  findWorktree,
  forgetWorktree,
  readRef,
  takeOffUnfinished,
  type WorktreeEntry,
} from '@pwt/git';
import type { ProviderContext } from './context.js';
import { findMarkedGitDir, registeredPath } from './evidence.js';
import type { WorktreeRecord } from './records.js';

/**
 * Removes what an interrupted or failed creation has left. No agent has worked in it.
 *
 * The evidence for each step: the directory goes to the trash only if git has it registered at that path with
 * the record's mark, or with the record's branch or commit checked out, or if git was killed while it made it. The
 * branch is deleted only if it is still at the commit that it was made at, or was being moved from or to. Both were free
 * when the record was written. Everything else stays.
 */
export async function discard(
  context: ProviderContext,
  record: WorktreeRecord,
  options: { readonly keepFiles: boolean },
): Promise<void> {
  const { git, trash, records } = context;
  const { path, branch, base, id } = record.workspace;
  if (await takeOffUnfinished(git, path)) {
    const trashed = await trash.take(path, id);
    if (!options.keepFiles) await trash.delete(trashed);
  }
  const entry = await findWorktree(git, path);
  const isOurs =
    entry !== null && ((await markedGitDir(context, record)) !== undefined || matchesRecord(entry, record));
  if (isOurs) {
    if (entry.prunable === null) {
      const trashed = await trash.take(path, id);
      if (!options.keepFiles) await trash.delete(trashed);
    }
    await forgetWorktree(git, entry.gitDir);
  }
  // A move that was interrupted leaves the branch at either place.
  for (const oldValue of branch === undefined ? [] : [base, record.movedFrom])
    if (oldValue !== undefined) await dropRef(git, { ref: `refs/heads/${branch}`, oldValue });
  await records.delete(id);
}

/**
 * Takes a worktree whose directory is gone off git's list, if it is the one of the record. An earlier call may have
 * been killed in the middle of it: git deletes the files of a worktree, the mark among them, in any order.
 */
export async function unregister(context: ProviderContext, record: WorktreeRecord): Promise<void> {
  const { git } = context;
  const { path } = record.workspace;
  await takeOffUnfinished(git, path);
  const gitDir = (await markedGitDir(context, record)) ?? (await halfRemoved(context, record))?.gitDir;
  if (gitDir !== undefined) await forgetWorktree(git, gitDir);
}

/** The git directories that {@link unregister} deletes. */
export async function gitDirsOf(
  context: ProviderContext,
  record: WorktreeRecord,
): Promise<readonly string[]> {
  const { git, commonDir } = context;
  const { path } = record.workspace;
  const unfinished = (await findUnfinishedAt(commonDir, path)).map(({ adminDir }) => adminDir);
  const isOurs =
    (await markedGitDir(context, record)) !== undefined || (await halfRemoved(context, record)) !== null;
  const entry = isOurs ? await findWorktree(git, path) : null;
  return [...new Set(entry === null ? unfinished : [...unfinished, entry.gitDir])];
}

async function halfRemoved({ git }: ProviderContext, record: WorktreeRecord): Promise<WorktreeEntry | null> {
  const entry = await findWorktree(git, record.workspace.path);
  return entry !== null && !entry.present && matchesRecord(entry, record) ? entry : null;
}

/** The tip of the record's branch; `null` if there is none. */
export async function branchTip(context: ProviderContext, record: WorktreeRecord): Promise<string | null> {
  const { branch } = record.workspace;
  return branch === undefined ? null : readRef(context.git, `refs/heads/${branch}`);
}

/** The git directory with the record's mark, if it stands for the record's path. */
async function markedGitDir(
  { commonDir }: ProviderContext,
  { mark, workspace }: WorktreeRecord,
): Promise<string | undefined> {
  const gitDir = await findMarkedGitDir(commonDir, mark);
  if (gitDir === undefined) return undefined;
  const path = await registeredPath(gitDir).catch((error: NodeJS.ErrnoException) => {
    // The `gitdir` file is missing: a killed git has deleted it first.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return path === workspace.path ? gitDir : undefined;
}

function matchesRecord(entry: WorktreeEntry, { workspace: { branch, base } }: WorktreeRecord): boolean {
  return branch === undefined ? entry.headCommit === base : entry.branch === `refs/heads/${branch}`;
}

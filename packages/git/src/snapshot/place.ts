import { copyFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';

/**
 * A working tree whose state is to be kept, by its parts: nothing that lies at its top (`.git` replaced, or gone)
 * decides where git looks.
 */
export interface Place {
  /** Of the repository that gets the objects. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** The worktree's own git directory; `null` if git has forgotten the worktree. Absolute. */
  readonly gitDir: string | null;
  /** The top of the working tree; `null` if it is gone. Absolute. */
  readonly workTree: string | null;
  /** Where HEAD is taken to be if there is no git directory to ask. */
  readonly fallbackHead: string | null;
}

/** The variables by which git works on a place. */
export function placeEnvironment({ commonDir, gitDir, workTree }: Place): Record<string, string> {
  return {
    GIT_DIR: gitDir ?? commonDir,
    GIT_COMMON_DIR: commonDir,
    ...(workTree === null ? {} : { GIT_WORK_TREE: workTree }),
  };
}

/** Git, run at the top of the place; beside it if that is gone. */
export function gitAt({ git, commonDir, workTree }: Place): Git {
  return git.at(workTree ?? commonDir);
}

/**
 * Copies the index of a place; `false` if there is none.
 *
 * The copy keeps the age of the original: git compares the content of every file that is as young as the index
 * ("racily clean", Documentation/technical/racy-git.txt).
 */
export async function copyIndex({ gitDir }: Place, to: string): Promise<boolean> {
  if (gitDir === null) return false;
  const from = join(gitDir, 'index');
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(to, seconds, seconds);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

import { copyFile, stat, utimes } from 'node:fs/promises';

/**
 * Copies an index; `false` if there is none, as in a worktree that was made without a checkout.
 *
 * The copy keeps the age of the original: git compares the content of every file that is as young as the
 * index ("racily clean", Documentation/technical/racy-git.txt). With a younger index an edit of the same size
 * in the same tick of the clock would be missed.
 */
export async function copyIndexFile(from: string, to: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    // Whole seconds, rounded down: too old only means that git looks closer.
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(to, seconds, seconds);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

import { constants } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';
import { readGitDir } from '../git-dir.js';

/**
 * Corrects a new worktree that git has made through a mirror: the link to the worktree's own git directory leads
 * through the mirror, and git has not copied the checkout's own configuration file (git help worktree, CONFIGURATION
 * FILE).
 */
export async function finishBehindDoor(git: Git, path: string): Promise<void> {
  if (git.place?.mirror === undefined) return;
  const gitDir = await readGitDir(git.at(path));
  await writeFile(join(path, '.git'), `gitdir: ${gitDir}\n`);
  const own = join(gitDir, 'config.worktree');
  try {
    await copyFile(join(git.place.gitDir, 'config.worktree'), own, constants.COPYFILE_EXCL);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EEXIST') return;
    throw error;
  }
  // A linked worktree is not bare; where the shared configuration says that all are, `false` has to stay.
  for (const entry of [['core.bare', '^(true|yes|on|1)$'], ['core.worktree']]) {
    // 5: it is not there.
    await git.run(['config', '--file', own, '--unset-all', ...entry], { okExitCodes: [0, 5] });
  }
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';
import { readGitDir } from '../git-dir.js';
import { isObjectId } from '../object-id.js';

/** The commit that is being merged in the worktree of `git`; `null` if there is none, or more than one. */
export async function readMergeHead(git: Git): Promise<string | null> {
  const text = await readFile(join(await readGitDir(git), 'MERGE_HEAD'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    },
  );
  const id = text.trim();
  return isObjectId(id) ? id : null;
}

/** Ends a merge whose result is committed, or that is undone. */
export async function forgetMerge(git: Git): Promise<void> {
  const gitDir = await readGitDir(git);
  const files = ['MERGE_HEAD', 'MERGE_MODE', 'MERGE_MSG', 'AUTO_MERGE'];
  await Promise.all(files.map((name) => rm(join(gitDir, name), { force: true })));
}

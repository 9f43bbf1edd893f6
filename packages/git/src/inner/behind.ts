import { join } from 'node:path';
import type { Git } from '../git.js';
import { findInnerGitDir } from './find.js';
import { withInner } from './mirror.js';

/**
 * True if this commit contains what is checked out at a gitlink: the submodule was not moved, it is only behind (it
 * lacks a `git submodule update`).
 *
 * @param git works in the checkout around it
 */
export async function isSubmoduleBehind(
  git: Git,
  { path, commit }: { readonly path: string; readonly commit: string },
): Promise<boolean> {
  const workTree = join(git.cwd, path);
  const gitDir = await findInnerGitDir(workTree);
  if (gitDir === null) return false;
  return withInner(git, { gitDir, workTree }, async (inner) => {
    // 128: one of the two is not there.
    const args = ['merge-base', '--is-ancestor', 'HEAD', commit];
    return (await inner.run(args, { okExitCodes: [0, 1, 128] })).exitCode === 0;
  });
}

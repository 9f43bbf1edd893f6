import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { diskPath, type Git, readWorktreeStatus, type StatusEntry } from '@pwt/git';
import { isInside } from './location.js';

/** What is in a worktree beyond its last commit. */
export interface Leftovers {
  /** The commit that it is on; `null` while there is none. */
  readonly headCommit: string | null;
  /** The branch, in full; `null` if HEAD is detached. */
  readonly headBranch: string | null;
  readonly unmerged: readonly string[];
  /** Edited, staged, deleted, and new files. */
  readonly work: readonly string[];
  /** Of those: paths that were staged and then changed again, so that two contents are there. */
  readonly stagedApart: readonly string[];
  /** New repositories inside the worktree: git would commit a bare pointer to them, and lose their content. */
  readonly repositories: readonly string[];
  /** New symbolic links that lead out of the worktree, such as a `node_modules` shared with another one. */
  readonly linksOut: readonly string[];
  /** Ignored files, and as one entry each folder that is ignored by its name. Empty unless asked for. */
  readonly ignored: readonly string[];
}

/**
 * Looks at a worktree, in one process. Changes nothing.
 *
 * @param options `ignored`: also name what is ignored. @default false
 */
export async function findLeftovers(
  git: Git,
  options: { readonly ignored?: boolean } = {},
): Promise<Leftovers> {
  const { entries, ...head } = await readWorktreeStatus(git, {
    ignored: options.ignored === true ? 'matching' : 'no',
  });
  const leftovers = {
    ...head,
    unmerged: [] as string[],
    work: [] as string[],
    stagedApart: [] as string[],
    repositories: [] as string[],
    linksOut: [] as string[],
    ignored: [] as string[],
  };
  for (const entry of entries) {
    if (isStagedApart(entry)) leftovers.stagedApart.push(entry.path);
    if (entry.kind === 'ignored') leftovers.ignored.push(entry.path.replace(/\/$/, ''));
    else if (entry.kind === 'unmerged') leftovers.unmerged.push(entry.path);
    else if (entry.kind !== 'untracked') leftovers.work.push(entry.path);
    else if (entry.path.endsWith('/')) leftovers.repositories.push(entry.path.slice(0, -1));
    else if (await leadsOut(git.cwd, entry.path)) leftovers.linksOut.push(entry.path);
    else leftovers.work.push(entry.path);
  }
  return leftovers;
}

function isStagedApart(entry: StatusEntry): boolean {
  return 'index' in entry && entry.index !== '.' && entry.worktree !== '.' && entry.submodule === null;
}

async function leadsOut(root: string, path: string): Promise<boolean> {
  const file = join(root, path);
  if (!(await lstat(diskPath(file))).isSymbolicLink()) return false;
  return !isInside(resolve(dirname(file), await readlink(diskPath(file))), root);
}

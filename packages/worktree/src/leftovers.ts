import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Git, readStatus } from '@pwt/git';
import { isInside } from './location.js';

/** What is in a worktree beyond its last commit, ignored files aside. */
export interface Leftovers {
  readonly unmerged: readonly string[];
  /** Edited, staged, deleted, and new files. */
  readonly work: readonly string[];
  /** New repositories inside the worktree: git would commit a bare pointer to them, and lose their content. */
  readonly repositories: readonly string[];
  /** New symbolic links that lead out of the worktree, such as a `node_modules` shared with another one. */
  readonly linksOut: readonly string[];
}

/** Looks at a worktree. Changes nothing. */
export async function findLeftovers(git: Git): Promise<Leftovers> {
  const leftovers = {
    unmerged: [] as string[],
    work: [] as string[],
    repositories: [] as string[],
    linksOut: [] as string[],
  };
  for (const entry of await readStatus(git)) {
    if (entry.kind === 'ignored') continue;
    if (entry.kind === 'unmerged') leftovers.unmerged.push(entry.path);
    else if (entry.kind !== 'untracked') leftovers.work.push(entry.path);
    else if (entry.path.endsWith('/')) leftovers.repositories.push(entry.path.slice(0, -1));
    else if (await leadsOut(git.cwd, entry.path)) leftovers.linksOut.push(entry.path);
    else leftovers.work.push(entry.path);
  }
  return leftovers;
}

async function leadsOut(root: string, path: string): Promise<boolean> {
  const file = join(root, path);
  if (!(await lstat(file)).isSymbolicLink()) return false;
  return !isInside(resolve(dirname(file), await readlink(file)), root);
}

import { lstat, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitDirAt } from './git-dir.js';

/** A working tree that git does not recognise as one, because of a configuration key. */
export interface HiddenWorktree {
  readonly path: string;
  readonly key: 'core.bare' | 'core.worktree';
  /** The git directory whose configuration says so. */
  readonly gitDir: string;
}

/**
 * The working tree around a directory, where its `.git` leads to a repository that says that it has none, or one
 * that does not exist. A bare repository that is meant to be one has no index.
 */
export async function findHiddenWorktree(
  cwd: string,
  found: { readonly topLevel: string | null; readonly commonDir: string },
): Promise<HiddenWorktree | undefined> {
  if (found.topLevel !== null && (await exists(found.topLevel))) return undefined;
  const path = await topAround(cwd);
  if (path === null) return undefined;
  const gitDir = await gitDirAt(path);
  if (gitDir === null || gitDir !== (await realpath(found.commonDir))) return undefined;
  if (!(await exists(join(gitDir, 'index')))) return undefined;
  return { path, gitDir, key: found.topLevel === null ? 'core.bare' : 'core.worktree' };
}

/** The nearest directory upwards with a `.git` in it. */
export async function topAround(directory: string): Promise<string | null> {
  for (let at = await realpath(directory); ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return at;
    if (at === dirname(at)) return null;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskPath } from '@pwt/git';
import type { Leftovers } from './leftovers.js';

/** Files that git shows as changed or new, each with what changes when it is written. */
export type VisibleFiles = Readonly<Record<string, string>>;

/**
 * What a worktree has beyond its commit; ignored files are left out. `undefined` where that can't be compared later: a
 * merge in progress, or a repository inside the worktree.
 *
 * @param top the worktree
 */
export async function readVisibleFiles(
  top: string,
  { unmerged, repositories, work, linksOut }: Leftovers,
): Promise<VisibleFiles | undefined> {
  if (unmerged.length > 0 || repositories.length > 0) return undefined;
  const visible: Record<string, string> = {};
  for (const path of [...work, ...linksOut].sort()) visible[path] = await stamp(join(top, path));
  return visible;
}

async function stamp(file: string): Promise<string> {
  try {
    const { ino, size, mode, mtimeNs, ctimeNs } = await lstat(diskPath(file), { bigint: true });
    return [ino, size, mode, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'deleted';
    throw error;
  }
}

import { constants, type Stats } from 'node:fs';
import { copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { diskPath, type Git, onlyIgnored } from '@pwt/git';
import { isInside } from './location.js';

/** Names, in gitignore syntax, the ignored files that a new worktree needs a copy of. */
const INCLUDE_FILE = '.worktreeinclude';

/**
 * Copies the files that `.worktreeinclude` of the main checkout names into a new worktree: those that are
 * ignored there *and* in the worktree, so that no `git status` shows them.
 *
 * Nothing that exists is overwritten. A symbolic link is copied as a link, and only if it stays inside the
 * checkout; no link is followed on either side. Copies are copy-on-write where the file system can.
 *
 * @returns the paths copied
 */
export async function copyIncluded(main: Git, worktree: Git): Promise<string[]> {
  if (!(await hasIncludeFile(main))) return [];
  const list = join(main.cwd, INCLUDE_FILE);
  const matched = await main.zRecords(['ls-files', '-z', '--others', '--ignored', `--exclude-from=${list}`]);
  // An entry with a final slash is a repository of its own.
  const files: string[] = [];
  for (const path of matched) {
    if (!path.endsWith('/') && (await hasPlainParents(worktree.cwd, path))) files.push(path);
  }
  const wanted = await onlyIgnored(worktree, await onlyIgnored(main, files));
  const copied: string[] = [];
  for (const path of wanted) {
    if (await copyOne(main.cwd, worktree.cwd, path)) copied.push(path);
  }
  return copied;
}

/** True if the main checkout names files that a new worktree needs. */
export async function hasIncludeFile(main: Git): Promise<boolean> {
  return isFile(join(main.cwd, INCLUDE_FILE));
}

async function copyOne(from: string, to: string, path: string): Promise<boolean> {
  const source = diskPath(join(from, path));
  const target = diskPath(join(to, path));
  const folders = [dirname(join(from, path)), dirname(join(to, path))] as const;
  const stats = await lstat(source);
  try {
    await mkdir(diskPath(folders[1]), { recursive: true });
    if (stats.isSymbolicLink()) {
      const link = await readlink(source, { encoding: 'buffer' });
      const leads = link.toString('latin1');
      if (!isInside(resolve(folders[0], leads), from) || leads.startsWith('/')) return false;
      await symlink(link, target);
    } else if (stats.isFile()) {
      await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    } else {
      return false;
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** False if a folder above the path is, in this root, a link or a file. */
async function hasPlainParents(root: string, path: string): Promise<boolean> {
  const parts = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const stats = await lstatOrNull(join(root, ...parts.slice(0, depth)));
    if (stats === null) return true;
    if (!stats.isDirectory()) return false;
  }
  return true;
}

async function isFile(path: string): Promise<boolean> {
  return (await lstatOrNull(path))?.isFile() === true;
}

async function lstatOrNull(path: string): Promise<Stats | null> {
  return lstat(diskPath(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

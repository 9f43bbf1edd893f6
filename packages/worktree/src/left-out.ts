import { constants } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, diskPath, type Git } from '@pwt/git';

/** Something in a worktree that git cannot store in a commit. */
export interface LeftOut {
  readonly path: string;
  readonly what: 'named pipe' | 'socket' | 'device' | 'unreadable file' | 'unreadable folder';
}

/** How many folders are read at the same time. */
const AT_ONCE = 32;

/** What a walk through a worktree finds. */
export interface Walk {
  /** What git passes over in silence: pipes, sockets and devices; and folders that cannot be read. */
  readonly leftOut: readonly LeftOut[];
  /** Folders with a `.git` in them, which were not looked into. */
  readonly repositories: readonly string[];
  /** True if there is a `.gitmodules`. */
  readonly hasSubmodules: boolean;
}

/**
 * Walks through a worktree. Nothing is opened.
 *
 * @param skip folders that are not looked into: what is ignored, and repositories that are known
 */
export async function walkWorktree(git: Git, skip: readonly string[]): Promise<Walk> {
  const skipped = new Set(skip);
  const found: LeftOut[] = [];
  const repositories: string[] = [];
  let folders = [''];
  while (folders.length > 0) {
    const next: string[] = [];
    for (let at = 0; at < folders.length; at += AT_ONCE) {
      const batch = folders.slice(at, at + AT_ONCE).map((folder) => look(git.cwd, folder, skipped));
      for (const { folder, left, inner, isRepository } of await Promise.all(batch)) {
        if (isRepository) repositories.push(folder);
        else {
          found.push(...left);
          next.push(...inner);
        }
      }
    }
    folders = next;
  }
  const hasSubmodules = await lstat(join(git.cwd, '.gitmodules')).then(
    () => true,
    () => false,
  );
  return { leftOut: await withoutIgnored(git, found), repositories, hasSubmodules };
}

/** The files among these that may not be read: git would give up at the first. */
export async function unreadable(root: string, paths: readonly string[]): Promise<LeftOut[]> {
  const found: LeftOut[] = [];
  for (const path of paths) {
    try {
      await access(diskPath(join(root, path)), constants.R_OK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') found.push({ path, what: 'unreadable file' });
    }
  }
  return found;
}

async function look(root: string, folder: string, skipped: ReadonlySet<string>) {
  const left: LeftOut[] = [];
  const inner: string[] = [];
  let isRepository = false;
  try {
    const entries = await readdir(diskPath(join(root, folder)), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of entries) {
      const name = decodeText(entry.name);
      const path = join(folder, name);
      if (name === '.git') isRepository ||= folder !== '';
      if (name === '.git' || skipped.has(path)) continue;
      if (entry.isDirectory()) inner.push(path);
      else if (entry.isFIFO()) left.push({ path, what: 'named pipe' });
      else if (entry.isSocket()) left.push({ path, what: 'socket' });
      else if (entry.isBlockDevice() || entry.isCharacterDevice()) left.push({ path, what: 'device' });
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') left.push({ path: folder, what: 'unreadable folder' });
    // A folder that has just gone is no matter; the agent has ended, but what it started may have not.
    else if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  return { folder, left, inner, isRepository };
}

async function withoutIgnored(git: Git, found: readonly LeftOut[]): Promise<LeftOut[]> {
  if (found.length === 0) return [];
  const input = found.map(({ path }) => `${path}\0`).join('');
  const args = ['check-ignore', '-z', '--stdin', '--no-index'];
  // This command knows no kind of pathspec, and takes paths as they are.
  const env = { GIT_LITERAL_PATHSPECS: '0' };
  const { stdout } = await git.run(args, { input, env, okExitCodes: [0, 1] });
  const ignored = new Set(stdout.split('\0'));
  return found.filter(({ path }) => !ignored.has(path));
}

import { lstat, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** The private git directory of a linked worktree of which a killed git has left something out. */
export interface UnfinishedWorktree {
  /** Absolute. */
  readonly adminDir: string;
  /** Where its working tree was to be; `undefined` if that was not written yet. */
  readonly path: string | undefined;
}

/**
 * What killed calls of `git worktree add` and `git worktree remove` have left in a repository.
 *
 * `add` locks the directory with the reason `initializing` while it works on it, and writes `gitdir`, `HEAD` and
 * `commondir` one after the other (builtin/worktree.c, add_worktree); `remove` deletes the files in any order. An
 * empty `commondir` makes every later `git worktree list` fail.
 */
export async function findUnfinishedWorktrees(commonDir: string): Promise<UnfinishedWorktree[]> {
  const parent = join(commonDir, 'worktrees');
  const names = await readdir(parent).catch(nothingIfGone([]));
  const found = await Promise.all(names.map((name) => examine(join(parent, name))));
  return found.filter((worktree) => worktree !== undefined);
}

/** The unfinished ones at this path, or, where the path is not recorded, those with the name that it gives. */
export async function findUnfinishedAt(
  commonDir: string,
  path: string,
): Promise<readonly UnfinishedWorktree[]> {
  return (await findUnfinishedWorktrees(commonDir)).filter((found) =>
    found.path === undefined ? isNamedAfter(found.adminDir, path) : found.path === path,
  );
}

/** True if git gives the private directory of a worktree at this path this name: numbers tell namesakes apart. */
export function isNamedAfter(adminDir: string, path: string): boolean {
  const name = basename(adminDir);
  // Git replaces what may not be in a ref's name; such a name is found by its `gitdir` or not at all.
  const wanted = basename(path);
  return name.startsWith(wanted) && /^\d*$/.test(name.slice(wanted.length));
}

/** Takes what is left of an unfinished worktree off the repository. Its working tree is not touched. */
export async function removeUnfinished({ adminDir }: UnfinishedWorktree): Promise<void> {
  await rm(adminDir, { recursive: true, force: true });
}

/**
 * Takes off the repository what a killed git has left of the worktree at a path, for a caller who knows that the
 * path was free and that no git works there any more.
 *
 * @returns true if the directory is still there and is what git has made: empty, or linked to what was taken off
 */
export async function takeOffUnfinished(commonDir: string, path: string): Promise<boolean> {
  for (const found of await findUnfinishedAt(commonDir, path)) await removeUnfinished(found);
  const link = await linkOf(path);
  if (link === undefined || link === 'empty') return link === 'empty';
  // The link may lead through the mirror of `openDoor`.
  const parent = await realpath(dirname(link)).catch(nothingIfGone(dirname(link)));
  const isOfGit = parent === join(await realpath(commonDir), 'worktrees') && isNamedAfter(link, path);
  // One that is still there is a whole worktree.
  return isOfGit && (await lstat(link).catch(nothingIfGone(undefined))) === undefined;
}

/** Where a directory's `.git` file leads; `empty` if nothing has been written in it; `undefined` for all else. */
async function linkOf(path: string): Promise<string | undefined> {
  try {
    if (!(await lstat(path)).isDirectory()) return undefined;
    const names = await readdir(path);
    if (names.length === 0) return 'empty';
    const text = await readFile(join(path, '.git'), 'utf8');
    // Killed between making the file and writing it.
    if (text === '' && names.length === 1) return 'empty';
    const target = /^gitdir: (.*)\n?$/.exec(text)?.[1];
    return target === undefined ? undefined : resolve(path, target);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

async function examine(adminDir: string): Promise<UnfinishedWorktree | undefined> {
  const read = (name: string) => readFile(join(adminDir, name), 'utf8').catch(nothingIfGone(''));
  const [gitdir, head, commondir, locked] = await Promise.all(
    ['gitdir', 'HEAD', 'commondir', 'locked'].map(read),
  );
  const isWhole = gitdir !== '' && head !== '' && commondir !== '';
  if (isWhole && locked?.trim() !== 'initializing') return undefined;
  const pointer = (gitdir ?? '').replace(/\n$/, '');
  if (pointer === '') return { adminDir, path: undefined };
  const path = dirname(resolve(adminDir, pointer));
  return { adminDir, path: await realpath(path).catch(nothingIfGone(path)) };
}

function nothingIfGone<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}

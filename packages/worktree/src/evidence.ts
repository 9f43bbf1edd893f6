import { lstat, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Git, WORKTREE_MARK } from '@pwt/git';
import type { WorktreeRecord } from './records.js';

/** What is found where a record says that a worktree is. */
export type Evidence =
  /**
   * Ours beyond doubt: registered, linked both ways, and with the record's mark. `git` works in it with that very
   * git directory, whatever becomes of the `.git` in it.
   */
  | { readonly status: 'intact'; readonly git: Git; readonly gitDir: string }
  | { readonly status: 'gone' }
  /** The place is there, but git cannot work in it any more. */
  | { readonly status: 'broken'; readonly message: string }
  /** Something else is in that place; `gitDir` if that is another worktree of this repository, without a mark. */
  | { readonly status: 'foreign'; readonly message: string; readonly gitDir?: string };

/** Looks at the place of a record. Changes nothing. */
export async function examine(git: Git, commonDir: string, record: WorktreeRecord): Promise<Evidence> {
  const { path } = record.workspace;
  const kind = await kindOf(path);
  if (kind === 'missing') return { status: 'gone' };
  if (kind !== 'directory') return { status: 'foreign', message: `${path} is not a directory any more` };
  const link = await kindOf(join(path, '.git'));
  if (link === 'missing') return { status: 'broken', message: `${path}/.git is missing` };
  if (link !== 'file') return { status: 'foreign', message: `${path} is a repository of its own` };
  // The path may hold newlines; git takes those at its end off.
  const target = /^gitdir: (.*?)\n*$/s.exec(await readFile(join(path, '.git'), 'utf8'))?.[1];
  if (target === undefined) return { status: 'broken', message: `${path}/.git cannot be read` };
  const gitDir = await realpath(resolve(path, target)).catch(() => undefined);
  if (gitDir === undefined) return { status: 'broken', message: `${path} is not registered any more` };
  if (dirname(gitDir) !== join(await realpath(commonDir), 'worktrees')) {
    return { status: 'foreign', message: `${path} belongs to another repository` };
  }
  if ((await registeredPath(gitDir)) !== (await realpath(path))) {
    return { status: 'foreign', message: `${path} is a copy of a worktree` };
  }
  const mark = await readMark(gitDir);
  if (mark !== record.mark) {
    const message = `${path} is a worktree that pwt did not make`;
    return { status: 'foreign', message, ...(mark === undefined && { gitDir }) };
  }
  return { status: 'intact', git: git.inWorktree({ path, gitDir, commonDir }), gitDir };
}

/** Puts the mark into the worktree's own git directory. */
export async function writeMark(gitDir: string, mark: string): Promise<void> {
  await writeFile(join(gitDir, WORKTREE_MARK), mark);
}

/** The git directory that carries a mark, wherever its worktree is; `undefined` if there is none. */
export async function findMarkedGitDir(commonDir: string, mark: string): Promise<string | undefined> {
  const parent = join(commonDir, 'worktrees');
  const names = await readdir(parent).catch(nothingIfMissing([]));
  for (const name of names) {
    if ((await readMark(join(parent, name))) === mark) return join(parent, name);
  }
  return undefined;
}

/** The worktrees that carry a mark of pwt's other than these: their records are gone. */
export async function findUnrecorded(commonDir: string, marks: ReadonlySet<string>): Promise<string[]> {
  const parent = join(commonDir, 'worktrees');
  const names = await readdir(parent).catch(nothingIfMissing([]));
  const found = await Promise.all(
    names.map(async (name) => {
      const mark = await readMark(join(parent, name));
      return mark === undefined || marks.has(mark) ? [] : [await registeredPath(join(parent, name))];
    }),
  );
  return found.flat();
}

/** Where git thinks the worktree of this git directory is, with links resolved if it exists. */
export async function registeredPath(gitDir: string): Promise<string> {
  const pointer = (await readFile(join(gitDir, 'gitdir'), 'utf8')).replace(/\n$/, '');
  const path = dirname(resolve(gitDir, pointer));
  return realpath(path).catch(nothingIfMissing(path));
}

async function readMark(gitDir: string): Promise<string | undefined> {
  return readFile(join(gitDir, WORKTREE_MARK), 'utf8').catch(nothingIfMissing(undefined));
}

async function kindOf(path: string): Promise<'missing' | 'directory' | 'file' | 'other'> {
  try {
    const stats = await lstat(path);
    return stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';
  } catch (error) {
    return nothingIfMissing('missing' as const)(error as NodeJS.ErrnoException);
  }
}

function nothingIfMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
}

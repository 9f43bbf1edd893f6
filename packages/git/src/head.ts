import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskPath } from './byte-text.js';
import type { Git } from './git.js';
import { readGitDir } from './git-dir.js';
import { isObjectId } from './object-id.js';
import { isValidRefName } from './ref-name.js';

/** What is checked out in a working tree. */
export interface Head {
  readonly commit: string;
  /** Full name of the branch; `null` if HEAD is detached. */
  readonly branch: string | null;
}

/**
 * What is checked out in the working tree whose top is the directory of `git`; `null` if there is no commit yet.
 *
 * HEAD and a loose ref are small files that say it (gitrepository-layout, "HEAD" and "refs"); a loose ref wins
 * over a packed one. Where they do not say it (a packed ref, reftable), git is asked.
 *
 * @param commonDir the git directory that all worktrees share
 */
export async function readHead(git: Git, commonDir: string): Promise<Head | null> {
  const gitDir = await readGitDir(git);
  return (await readHeadFiles({ gitDir, commonDir })) ?? askForHead(git);
}

/** Where a working tree keeps its HEAD, and where all worktrees keep their branches. */
export interface GitDirectories {
  readonly gitDir: string;
  readonly commonDir: string;
}

/** What is checked out, as far as HEAD and a loose ref say it; `null` where git must be asked. */
export async function readHeadFiles({ gitDir, commonDir }: GitDirectories): Promise<Head | null> {
  const head = await readSmallFile(join(gitDir, 'HEAD'));
  const branch = /^ref: (refs\/heads\/.+)$/.exec(head)?.[1];
  if (branch === undefined) return isObjectId(head) ? { commit: head, branch: null } : null;
  if (!isValidRefName(branch)) return null;
  const followed = await followBranch(commonDir, branch);
  const commit = await readSmallFile(join(commonDir, followed));
  return isObjectId(commit) ? { commit, branch: followed } : null;
}

/** As many symbolic refs as git follows (SYMREF_MAXDEPTH). */
const MAX_SYMBOLIC = 5;

/**
 * The branch that a branch stands for: itself, or the one that it leads to as a symbolic ref (`git symbolic-ref
 * refs/heads/main refs/heads/trunk`). That one is moved by a commit on either. Not read where refs are in a reftable.
 */
export async function followBranch(commonDir: string, ref: string): Promise<string> {
  let followed = ref;
  for (let depth = 0; depth < MAX_SYMBOLIC; depth += 1) {
    const next = /^ref: (refs\/heads\/.+)$/.exec(await readSmallFile(join(commonDir, followed)))?.[1];
    if (next === undefined || !isValidRefName(next)) return followed;
    followed = next;
  }
  return followed;
}

async function askForHead(git: Git): Promise<Head | null> {
  const { exitCode, stdout } = await git.run(['rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD'], {
    okExitCodes: [0, 128],
  });
  if (exitCode !== 0) return null;
  const [commit = '', branch = ''] = stdout.split('\n');
  return { commit, branch: branch === 'HEAD' ? null : branch };
}

/** The content without its final newline; empty if there is no such file. */
export async function readSmallFile(path: string): Promise<string> {
  try {
    return (await readFile(diskPath(path), 'utf8')).replace(/\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return '';
    throw error;
  }
}

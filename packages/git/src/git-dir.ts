import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Git } from './git.js';

/**
 * The git directory of the working tree around the directory of `git`; asked once per instance.
 *
 * For the checkout from which pwt works, which stays where it is. For worktrees, which come and go, use
 * {@link readGitDir}.
 */
export const gitDirOf: (git: Git) => Promise<string> = oncePerInstance(
  async (git) => git.place?.gitDir ?? git.text(['rev-parse', '--absolute-git-dir']),
);

/** The git directory that all worktrees share, absolute; asked once per instance. */
export const commonDirOf: (git: Git) => Promise<string> = oncePerInstance(
  async (git) =>
    git.place?.commonDir ??
    resolve(await realpath(git.cwd), await git.text(['rev-parse', '--git-common-dir'])),
);

/**
 * The git directory of the working tree around the directory of `git`, as it is now; the one that `git` was told
 * of, if it was.
 *
 * At the top of a working tree `.git` says it: the directory itself, or a file that names it
 * (gitrepository-layout). Everywhere else git is asked.
 */
export async function readGitDir(git: Git): Promise<string> {
  return git.place?.gitDir ?? (await gitDirAt(git.cwd)) ?? git.text(['rev-parse', '--absolute-git-dir']);
}

/**
 * The git directory to which the `.git` in a directory leads, physical; `null` if there is none. `.git` may be the
 * directory, a file that names it, or a symbolic link to either.
 */
export async function gitDirAt(top: string): Promise<string | null> {
  const link = join(top, '.git');
  try {
    const stats = await stat(link);
    const target = stats.isFile()
      ? /^gitdir: (.*)\n$/s.exec(await readFile(link, 'utf8'))?.[1]
      : stats.isDirectory()
        ? link
        : undefined;
    if (target === undefined) return null;
    const gitDir = await realpath(resolve(top, target));
    // Every git directory has a HEAD, a linked worktree's own included; with reftable as a stub.
    return (await lstat(join(gitDir, 'HEAD'))).isFile() ? gitDir : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null;
    throw error;
  }
}

function oncePerInstance(ask: (git: Git) => Promise<string>): (git: Git) => Promise<string> {
  const answers = new WeakMap<Git, Promise<string>>();
  return (git) => {
    const known = answers.get(git);
    if (known !== undefined) return known;
    const answer = ask(git);
    answers.set(git, answer);
    // A failure is not remembered.
    answer.catch(() => answers.delete(git));
    return answer;
  };
}

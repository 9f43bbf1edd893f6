import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Git, readGitDir } from '@pwt/git';
import { physicalPath } from './location.js';

/** Where worktrees of a repository belong. */
export interface Home {
  /** The name of the repository, for templates. */
  readonly name: string;
  /** The folder that a relative template starts from. */
  readonly root: string;
  /** Checkouts around this one, of which it is a submodule. */
  readonly around: readonly string[];
}

/**
 * Finds where worktrees of the repository belong.
 *
 * Of a submodule that is beside the outermost repository around it: beside its own checkout they would lie in a
 * checkout of another repository, as untracked files there.
 */
export async function findHome(git: Git, commonDir: string): Promise<Home> {
  const around: string[] = [];
  for (let at = git; await mayBeInside(at.cwd); ) {
    const top = await at.text(['rev-parse', '--show-superproject-working-tree']);
    if (top === '') break;
    around.push(top);
    at = at.at(top);
  }
  return { name: await nameOf(git, commonDir), root: around.at(-1) ?? git.cwd, around };
}

/** False if no folder above a checkout is one where git would look for a repository: then it is no submodule of any. */
async function mayBeInside(checkout: string): Promise<boolean> {
  const folders: string[] = [];
  for (let at = dirname(await realpath(checkout)); ; at = dirname(at)) {
    folders.push(at);
    if (at === dirname(at)) break;
  }
  // A bare repository can be told of a working tree of its own.
  const paths = folders.flatMap((folder) => [join(folder, '.git'), join(folder, 'HEAD')]);
  const found = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
      ),
    ),
  );
  return found.includes(true);
}

/**
 * The name of the main checkout's folder. From a linked one it follows from the git directory that all share:
 * `app` for `app/.git`, `app.git` and `app/.bare`.
 */
async function nameOf(git: Git, commonDir: string): Promise<string> {
  const [own, shared] = await Promise.all([readGitDir(git).then(physicalPath), physicalPath(commonDir)]);
  if (own === shared) return basename(git.cwd);
  const name = basename(commonDir);
  return name.startsWith('.') ? basename(dirname(commonDir)) : name.replace(/\.git$/, '');
}

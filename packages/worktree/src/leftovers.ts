import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { diskPath, findHidden, type Git, readWorktreeStatus, type StatusEntry } from '@pwt/git';
import { type HiddenFiles, unlike } from './hidden-files.js';
import { isInside } from './location.js';

/** What is in a worktree beyond its last commit. */
export interface Leftovers {
  /** The commit that it is on; `null` while there is none. */
  readonly headCommit: string | null;
  /** The branch, in full; `null` if HEAD is detached. */
  readonly headBranch: string | null;
  readonly unmerged: readonly string[];
  /** Edited, staged, deleted, and new files. */
  readonly work: readonly string[];
  /** Of those: edits at which git was told not to look. */
  readonly hidden: readonly string[];
  /** Such edits of the setup command, to which nothing was done since: they are no work. */
  readonly ofSetup: readonly string[];
  /** Of {@link work}: paths that were staged and then changed again, so that two contents are there. */
  readonly stagedApart: readonly string[];
  /** New repositories inside the worktree: git would commit a bare pointer to them, and lose their content. */
  readonly repositories: readonly string[];
  /** New symbolic links that lead out of the worktree, such as a `node_modules` shared with another one. */
  readonly linksOut: readonly string[];
  /** Ignored files, and as one entry each folder that is ignored by its name. Empty unless asked for. */
  readonly ignored: readonly string[];
}

/**
 * Looks at a worktree, in one process. Changes nothing.
 *
 * @param options `ignored`: also name what is ignored. @default false. `ofSetup`: what the setup command has hidden
 */
export async function findLeftovers(
  git: Git,
  options: { readonly ignored?: boolean; readonly ofSetup?: HiddenFiles | undefined } = {},
): Promise<Leftovers> {
  const { entries, ...head } = await readWorktreeStatus(git, {
    ignored: options.ignored === true ? 'matching' : 'no',
  });
  const flagged = await findHidden(git);
  const behindFlags = flagged.map(({ path }) => path);
  const hidden = await unlike(git, behindFlags, options.ofSetup);
  const leftovers = {
    ...head,
    hidden,
    ofSetup: behindFlags.filter((path) => !hidden.includes(path)),
    unmerged: [] as string[],
    work: [...hidden],
    stagedApart: flagged.filter(isStagedApart).map(({ path }) => path),
    repositories: [] as string[],
    linksOut: [] as string[],
    ignored: [] as string[],
  };
  for (const entry of entries) {
    if (isStagedApart(entry)) leftovers.stagedApart.push(entry.path);
    if (entry.kind === 'ignored') leftovers.ignored.push(entry.path.replace(/\/$/, ''));
    else if (entry.kind === 'unmerged') leftovers.unmerged.push(entry.path);
    else if (hidden.includes(entry.path)) continue;
    else if (entry.kind !== 'untracked') leftovers.work.push(entry.path);
    else if (entry.path.endsWith('/')) leftovers.repositories.push(entry.path.slice(0, -1));
    else if (await leadsOut(git.cwd, entry.path)) leftovers.linksOut.push(entry.path);
    else leftovers.work.push(entry.path);
  }
  return leftovers;
}

function isStagedApart(entry: StatusEntry): boolean {
  return 'index' in entry && entry.index !== '.' && entry.worktree !== '.' && entry.submodule === null;
}

async function leadsOut(root: string, path: string): Promise<boolean> {
  const file = join(root, path);
  if (!(await lstat(diskPath(file))).isSymbolicLink()) return false;
  return !isInside(resolve(dirname(file), await readlink(diskPath(file))), root);
}

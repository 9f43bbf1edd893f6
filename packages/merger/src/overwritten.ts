import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ChangedFile,
  diskPath,
  findHidden,
  type Git,
  isSubmoduleBehind,
  onlyIgnored,
  readStatus,
  type TrackedChange,
} from '@pwt/git';

/** The paths of the user's that an update of a working tree would overwrite, by the reason of the refusal. */
export interface OverwrittenPaths {
  /** Tracked, but modified, staged or deleted. */
  readonly dirty: readonly string[];
  /** Where the update adds a file, not ignored. */
  readonly untracked: readonly string[];
  /** Where the update adds a file, ignored. */
  readonly ignored: readonly string[];
}

/** The tracked files of a working tree that differ from HEAD. */
export interface Tracked {
  /** Modified, staged or deleted, also where git was told not to look (`assume-unchanged`, `skip-worktree`). */
  readonly edited: readonly string[];
  /** With an unresolved conflict. */
  readonly unmerged: readonly string[];
}

/** The most paths that git is given as arguments: with more, all files are looked at. */
const MOST_NAMED = 1000;

/** The paths of changes as arguments; `undefined` if one of them can't be one. */
function namesOf(changes: readonly ChangedFile[]): string[] | undefined {
  const paths = changes.map(({ path }) => path);
  return paths.length > 0 && paths.every((path) => typeof diskPath(path) === 'string') ? paths : undefined;
}

/**
 * Looks at the tracked files of a working tree.
 *
 * A submodule on another commit is an edited path, unless it is only behind an earlier landing: a landing moves the
 * recorded commit of a submodule and never its checkout. Uncommitted changes in a submodule stay as they are, so they
 * do not count.
 *
 * @param changes what the update changes: of the files that a flag hides, only these are looked at.
 * @param among `changed`: look at no other file at all, where that is faster
 */
export async function readTracked(
  git: Git,
  changes: readonly ChangedFile[],
  among: 'all' | 'changed' = 'all',
): Promise<Tracked> {
  const paths = among === 'changed' && changes.length <= MOST_NAMED ? namesOf(changes) : undefined;
  const [entries, hidden] = await Promise.all([
    readStatus(git, { untracked: 'no', renames: false, paths }),
    findHidden(git, { among: new Set(changes.map(({ path }) => path)) }),
  ]);
  const present = await Promise.all(hidden.map(({ path }) => lstatOrNull(join(git.cwd, path))));
  const changed = [
    ...entries.flatMap((entry) => (entry.kind === 'changed' ? [entry] : [])),
    // Of a file that is gone, nothing can be lost.
    ...hidden.filter((_, index) => present[index] !== null),
  ];
  const edited = await Promise.all(changed.map((entry) => isEdited(git, entry, changes)));
  return {
    edited: changed.flatMap(({ path }, index) => (edited[index] ? [path] : [])),
    unmerged: entries.flatMap((entry) => (entry.kind === 'unmerged' ? [entry.path] : [])),
  };
}

/**
 * Looks for everything of the user's that an update of a working tree from one commit to another would overwrite:
 * changes to tracked files (those hidden by `assume-unchanged` or `skip-worktree` included), and untracked or ignored
 * files where a file is added, above it or below it.
 *
 * @param git runs in the working tree
 * @param changes between the two commits, renames unpaired
 */
export async function findOverwritten(
  git: Git,
  changes: readonly ChangedFile[],
  tracked: Tracked,
): Promise<OverwrittenPaths> {
  const dirty = findDirty(changes, tracked);
  const blocking = await findBlockingPaths(git, changes);
  const ignored = await onlyIgnored(
    git,
    blocking.filter((path) => !dirty.includes(path)),
  );
  const untracked = blocking.filter((path) => !ignored.includes(path) && !dirty.includes(path));
  return { dirty, untracked, ignored };
}

async function isEdited(
  git: Git,
  { path, index, submodule }: TrackedChange,
  changes: readonly ChangedFile[],
): Promise<boolean> {
  if (submodule === null || index !== '.') return true;
  const change = changes.find((one) => one.path === path);
  return change === undefined || !(await isSubmoduleBehind(git, { path, commit: change.oldId }));
}

function findDirty(changes: readonly ChangedFile[], { edited }: Tracked): string[] {
  const changed = new Set(changes.map(({ path }) => path));
  const above = new Set(changes.flatMap(({ path }) => parentsOf(path)));
  const touched = edited.filter(
    (path) => changed.has(path) || above.has(path) || parentsOf(path).some((parent) => changed.has(parent)),
  );
  return [...new Set(touched)].sort();
}

/** The paths that exist where the update adds a file, without the files that it replaces. */
async function findBlockingPaths(git: Git, changes: readonly ChangedFile[]): Promise<string[]> {
  const replaced = new Set(changes.filter(({ status }) => status !== 'A').map(({ path }) => path));
  let folded: Promise<ReadonlySet<string>> | undefined;
  const isReplaced = async (path: string) => {
    if (replaced.has(path)) return true;
    folded ??= foldedNames(git, replaced);
    return (await folded).has(path.toLowerCase());
  };
  const looked = new Map<string, 'free' | 'directory' | 'taken'>();
  const found = new Set<string>();
  const look = async (path: string) => {
    const known = looked.get(path);
    if (known !== undefined) return known;
    const stats = await lstatOrNull(join(git.cwd, path));
    const isFree = stats === null || (!stats.isDirectory() && (await isReplaced(path)));
    const state = isFree ? 'free' : stats.isDirectory() ? 'directory' : 'taken';
    looked.set(path, state);
    return state;
  };
  for (const { path } of changes.filter(({ status }) => status === 'A')) {
    for (const step of [...parentsOf(path), path]) {
      const state = await look(step);
      if (state === 'free') break;
      if (state === 'taken') found.add(step);
      if (state === 'taken') break;
      if (step === path) for (const inside of await othersBelow(git, path)) found.add(inside);
    }
  }
  return [...found].sort();
}

/** The paths in lower case where the file system ignores case; nothing elsewhere. */
async function foldedNames(git: Git, paths: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const args = ['config', '--type=bool', '--get', 'core.ignoreCase'];
  const { stdout } = await git.run(args, { okExitCodes: [0, 1] });
  return new Set(stdout.startsWith('true') ? [...paths].map((path) => path.toLowerCase()) : []);
}

/** The files below a directory that are not tracked, ignored ones included; a nested repository is one entry. */
async function othersBelow(git: Git, directory: string): Promise<string[]> {
  if (typeof diskPath(directory) === 'string')
    return git.zRecords(['ls-files', '-z', '--others', '--', `${directory}/`]);
  // A name with bytes that are not UTF-8 can't be an argument.
  const all = await git.zRecords(['ls-files', '-z', '--others']);
  return all.filter((path) => path.startsWith(`${directory}/`));
}

/** `a`, `a/b` for `a/b/c`. */
function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function lstatOrNull(path: string) {
  return lstat(diskPath(path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
}

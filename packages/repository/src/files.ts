import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileState } from '@pwt/core';
import { type Git, isSubmoduleBehind } from '@pwt/git';

/** For so many changed files, size and time are recorded, to notice a further edit. Of the others only git's status is. */
const MOST_STAMPED = 5000;

/** With more paths than these, git looks at all of them: the command line has a limit. */
const MOST_PATHS = 300;

/**
 * What `git status` finds in a working tree, by path, with size and time of each file; `null` if git does not take it
 * for a working tree.
 *
 * @param only what may have changed since an earlier answer: of all other files, that one holds
 */
export async function readFiles(
  git: Git,
  only?: { readonly since: Record<string, FileState>; readonly files: readonly string[] },
): Promise<Record<string, FileState> | null> {
  if (only?.files.length === 0) return only.since;
  if (only === undefined || only.files.length > MOST_PATHS) return readStatus(git, []);
  const found = await readStatus(git, only.files);
  if (found === null) return null;
  const others = Object.entries(only.since).filter(([path]) => !only.files.some((file) => isIn(path, file)));
  return { ...Object.fromEntries(others), ...found };
}

/** A path that is a folder now may have been a file, and the other way round. */
function isIn(path: string, file: string): boolean {
  return path === file || path.startsWith(`${file}/`);
}

async function readStatus(git: Git, paths: readonly string[]): Promise<Record<string, FileState> | null> {
  const { exitCode, stdout } = await git.run(
    [
      ...['status', '--porcelain=v2', '-z', '--untracked-files=all', '--no-renames'],
      // Git would run what is configured in a submodule to look into it.
      '--ignore-submodules=dirty',
      ...(paths.length === 0 ? [] : ['--', ...paths]),
    ],
    { okExitCodes: [0, 128] },
  );
  if (exitCode !== 0) return null;
  const found = stdout.split('\0').filter(Boolean).map(readRecord);
  const isBehind = await Promise.all(found.map((entry) => hasNotFollowed(git, entry)));
  const entries = found.filter((_, index) => !isBehind[index]);
  const stamps = await Promise.all(
    entries.slice(0, MOST_STAMPED).map(({ path }) => stampOf(join(git.cwd, path))),
  );
  const files: Record<string, FileState> = {};
  for (const [index, { path, staged, edited }] of entries.entries()) {
    // A file that was taken out of the index only has a record as deleted, and one as untracked.
    const known = files[path] ?? { staged: '', edited: '' };
    files[path] = {
      staged: staged || known.staged,
      edited: edited === '' ? known.edited : `${edited} ${stamps[index] ?? ''}`.trim(),
    };
  }
  return files;
}

interface Entry {
  readonly path: string;
  readonly staged: string;
  readonly edited: string;
  /** What the index has of a submodule that is on another commit. */
  readonly recorded?: string;
}

/** A submodule that is only behind a landing counts as unchanged. */
async function hasNotFollowed(git: Git, { path, staged, recorded }: Entry): Promise<boolean> {
  return recorded !== undefined && staged === '' && isSubmoduleBehind(git, { path, commit: recorded });
}

/** One record of `git status --porcelain=v2 -z --no-renames`. */
function readRecord(record: string): Entry {
  const [kind, xy = '..', ...rest] = record.split(' ');
  if (kind === '?') return { path: record.slice(2), staged: '', edited: '?' };
  if (kind === 'u') return { path: rest.slice(8).join(' '), staged: rest.slice(0, 8).join(' '), edited: xy };
  // `1 XY sub mH mI mW hH hI path`; what is staged is said by mode and id in the index.
  const [submodule = '', , modeInIndex = '', , , idInIndex = ''] = rest;
  const [x = '.', y = '.'] = xy;
  return {
    path: rest.slice(6).join(' '),
    staged: x === '.' ? '' : `${x} ${modeInIndex} ${idInIndex}`,
    edited: y === '.' && !submodule.startsWith('S') ? '' : `${y} ${submodule}`,
    ...(submodule.startsWith('SC') && { recorded: idInIndex }),
  };
}

async function stampOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => null);
  return stats === null ? '' : `${stats.size} ${stats.mtimeMs}`;
}

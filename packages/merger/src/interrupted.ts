import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChangedFile, diskPath, type Git, hashFile } from '@pwt/git';
import type { OverwrittenPaths } from './overwritten.js';

/**
 * Goes on with a landing that was killed while git wrote the files: if every path that it would overwrite has exactly
 * the content that it would write, those paths are staged, so that git does not refuse them.
 *
 * No file is written. Staging is safe even if the user has written the files: the content is the same.
 *
 * @returns false, with nothing changed, if one of the paths has another content, mode or kind, or if the user has
 *   staged something else there
 */
export async function adoptInterrupted(
  git: Git,
  landing: {
    readonly from: string;
    readonly to: string;
    /** Between the two, renames unpaired. */
    readonly changes: readonly ChangedFile[];
    readonly overwritten: OverwrittenPaths;
  },
): Promise<boolean> {
  const { from, to, overwritten } = landing;
  const paths = [...overwritten.dirty, ...overwritten.untracked, ...overwritten.ignored];
  const changes = new Map(landing.changes.map((change) => [change.path, change]));
  const foreign = new Set(await stagedOtherwise(git, from, to));
  for (const path of paths) {
    if (foreign.has(path)) return false;
    const change = changes.get(path);
    if (change === undefined) return false;
    const found = await contentOnDisk(git, path);
    if (found !== (change.status === 'D' ? null : `${change.newMode} ${change.newId}`)) return false;
  }
  const input = paths.map((path) => `${path}\0`).join('');
  await git.run(['update-index', '--add', '--remove', '-z', '--stdin'], { input });
  return true;
}

/** Paths whose staged content is that of neither commit: staging over it would lose it. */
async function stagedOtherwise(git: Git, from: string, to: string): Promise<string[]> {
  const differsFrom = (commit: string) =>
    git.zRecords(['diff', '--cached', '--name-only', '-z', '--no-renames', '--no-ext-diff', commit, '--']);
  const [fromBefore, fromAfter] = await Promise.all([differsFrom(from), differsFrom(to)]);
  const after = new Set(fromAfter);
  return fromBefore.filter((path) => after.has(path));
}

/** Mode and object id that git would store for a file; `null` if there is nothing, `''` for anything else. */
async function contentOnDisk(git: Git, path: string): Promise<string | null> {
  const stats = await lstat(diskPath(join(git.cwd, path))).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (stats === null) return null;
  if (!stats.isFile()) return '';
  const mode = (stats.mode & 0o100) === 0 ? '100644' : '100755';
  return `${mode} ${await hashFile(git, path)}`;
}

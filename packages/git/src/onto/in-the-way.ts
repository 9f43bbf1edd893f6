import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskPath } from '../byte-text.js';
import type { Git } from '../git.js';
import { compareTrees } from '../objects/compare-trees.js';
import { objectsOf } from '../objects/object-reader.js';
import { listPaths } from '../tree.js';

/**
 * The files in a worktree that are not of its commit, and that another tree would overwrite or push aside: untracked ones,
 * and ignored ones, which git would destroy without a word.
 *
 * @param git works in the worktree
 * @param trees by full id: the one that is checked out, and the other one
 */
export async function filesInTheWay(
  git: Git,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<string[]> {
  const changes = await compareTrees(objectsOf(git), from, to);
  const added = changes.filter(({ status }) => status === 'A').map(({ path }) => path);
  if (added.length === 0) return [];
  const found = new Set<string>();
  const suspects: string[] = [];
  for (const path of added) suspects.push(...(await thingsAt(git.cwd, path)));
  if (suspects.length === 0) return [];
  const tracked = new Set(await listPaths(git, from));
  for (const path of suspects) if (!tracked.has(path)) found.add(path);
  return [...found].sort();
}

/** The file at a path, in the place of a folder that leads there, or below it where a folder is in its place. */
async function thingsAt(top: string, path: string): Promise<string[]> {
  const names = path.split('/');
  for (let length = 1; length <= names.length; length += 1) {
    const part = names.slice(0, length).join('/');
    const kind = await kindOf(join(top, part));
    if (kind === 'nothing') return [];
    if (kind === 'file') return [part];
  }
  return filesBelow(top, path);
}

async function filesBelow(top: string, folder: string): Promise<string[]> {
  const entries = await readdir(diskPath(join(top, folder)), { withFileTypes: true, encoding: 'utf8' });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(top, path) : [path];
    }),
  );
  return found.flat();
}

async function kindOf(path: string): Promise<'nothing' | 'folder' | 'file'> {
  try {
    return (await lstat(diskPath(path))).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw error;
  }
}

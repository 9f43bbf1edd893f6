import { PwtError } from '@pwt/core';
import type { Git } from './git.js';
import { readTreeId } from './objects/commit-object.js';
import { objectsOf } from './objects/object-reader.js';
import { resolveObject } from './refs.js';

/** One file (or submodule) of a commit. */
export interface TreeFile {
  /** Relative to the top, with `/`. */
  readonly path: string;
  /** In octal: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
  readonly mode: string;
  readonly type: 'blob' | 'commit';
  readonly id: string;
}

/** Paths of all files of a commit or tree, submodules included, in git's order. */
export async function listPaths(git: Git, treeish: string): Promise<string[]> {
  return git.zRecords(['ls-tree', '-r', '-z', '--full-tree', '--name-only', '--end-of-options', treeish]);
}

/** All files of a commit or tree, submodules included, in git's order. */
export async function listFiles(git: Git, treeish: string): Promise<TreeFile[]> {
  const records = await git.zRecords(['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', treeish]);
  return records.map((record) => {
    const tab = record.indexOf('\t');
    const [mode = '', type = '', id = ''] = record.slice(0, tab).split(' ');
    return { path: record.slice(tab + 1), mode, type: type as TreeFile['type'], id };
  });
}

/**
 * The id of the tree of a commit or tree.
 *
 * @throws PWT_COMMIT_NOT_FOUND
 */
export async function requireTree(git: Git, treeish: string): Promise<string> {
  const known = await readTreeId(objectsOf(git), treeish);
  const tree = known ?? (await resolveObject(git, `${treeish}^{tree}`));
  if (tree !== null) return tree;
  throw new PwtError('PWT_COMMIT_NOT_FOUND', `There is no commit or tree ${treeish} in this repository.`, {
    hint: 'If it was made elsewhere, fetch it first. If it was here before, look in: git reflog --all',
    data: { commit: treeish },
  });
}

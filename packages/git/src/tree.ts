import type { Git } from './git.js';

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

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from './git.js';
import { gitDirOf } from './git-dir.js';
import { readBlobs } from './read-blobs.js';
import { withTemporaryFolder } from './temporary-folder.js';
import { listFiles } from './tree.js';

/** A place in which a command sees the attributes of one tree and no others. */
export interface AttributesOf {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs an action with the `.gitattributes` of a commit or tree, in a working tree that holds nothing else and
 * is gone afterwards.
 *
 * Attributes choose merge drivers and line endings, and git takes them from the files in the checkout around
 * the current directory: an uncommitted edit would change the result of a merge. (`--attr-source` says the
 * same since git 2.41.) The user's and the system's attribute files are left out as well; the repository's
 * `info/attributes` still counts. A merge driver writes its temporary files here, not in the checkout.
 */
export async function withAttributesOf<T>(
  git: Git,
  treeish: string,
  action: (attributes: AttributesOf) => Promise<T>,
): Promise<T> {
  const gitDir = await gitDirOf(git);
  return withTemporaryFolder(gitDir, async (folder) => {
    await writeAttributes(git, treeish, folder);
    return action({
      cwd: folder,
      env: { GIT_DIR: gitDir, GIT_WORK_TREE: folder, GIT_ATTR_NOSYSTEM: '1' },
    });
  });
}

async function writeAttributes(git: Git, treeish: string, folder: string): Promise<void> {
  const files = (await listFiles(git, treeish)).filter(
    // git follows no symbolic link to attributes.
    ({ path, mode }) => /(^|\/)\.gitattributes$/.test(path) && mode.startsWith('100'),
  );
  const contents = await readBlobs(
    git,
    files.map(({ id }) => id),
  );
  for (const [index, { path }] of files.entries()) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents[index] ?? '');
  }
}

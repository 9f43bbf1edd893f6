import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from './git.js';
import { commonDirOf, gitDirOf } from './git-dir.js';
import { attributeFilesIn } from './objects/attribute-files.js';
import { objectsOf } from './objects/object-reader.js';
import { withTemporaryFolder } from './temporary-folder.js';
import { requireTree } from './tree.js';

/** Where a merge runs, and what it sees. */
export interface MergeRoom {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The git directory, which is gone afterwards: refs in it are nobody's. */
  readonly gitDir: string;
}

/**
 * Runs a merge in a repository of its own that has the objects of this one, the trusted configuration, and the
 * `.gitattributes` of a commit; it is gone afterwards.
 *
 * Attributes choose merge drivers, and git takes them from the files around the current directory, from
 * `info/attributes` and from files of the user and the system: an uncommitted edit, or a file that an agent can write,
 * would change the result of a merge. There is no checkout here, no `info`, no ref and no submodule. A merge driver
 * writes its temporary files here.
 */
export async function withMergeRoom<T>(
  git: Git,
  commit: string,
  action: (room: MergeRoom) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(await gitDirOf(git), async (folder) =>
    action(await makeMergeRoom(git, commit, folder)),
  );
}

/** Makes the room of {@link withMergeRoom} in an empty folder. */
export async function makeMergeRoom(git: Git, commit: string, folder: string): Promise<MergeRoom> {
  const commonDir = await commonDirOf(git);
  const [own, cwd] = [join(folder, 'git'), join(folder, 'files')];
  await mkdir(join(own, 'refs'), { recursive: true });
  await Promise.all([
    writeFile(join(own, 'HEAD'), 'ref: refs/heads/none\n'),
    writeConfig(join(git.place?.mirror ?? commonDir, 'config'), join(own, 'config')),
    symlink(join(commonDir, 'shallow'), join(own, 'shallow')),
    mkdir(cwd).then(() => writeAttributes(git, commit, cwd)),
  ]);
  const env = {
    GIT_DIR: own,
    GIT_COMMON_DIR: own,
    GIT_WORK_TREE: cwd,
    GIT_OBJECT_DIRECTORY: join(commonDir, 'objects'),
    GIT_ATTR_NOSYSTEM: '1',
    // Since git 2.41 the same as the files here; it wins over `attr.tree` (git 2.43).
    GIT_ATTR_SOURCE: commit,
  };
  return { cwd, env, gitDir: own };
}

/**
 * The same configuration, and no object may be deleted (gitrepository-layout(5)): there are no refs here, so for a
 * `git gc` that a merge driver starts, every object of the project would be garbage.
 */
async function writeConfig(from: string, to: string): Promise<void> {
  const text = await readFile(from, 'latin1');
  await writeFile(to, `${text}\n[extensions]\n\tpreciousObjects = true\n`, 'latin1');
}

async function writeAttributes(git: Git, commit: string, folder: string): Promise<void> {
  const objects = objectsOf(git);
  const tree = await requireTree(git, commit);
  for (const { path, id } of await attributeFilesIn(git, tree)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, (await objects.read(id))?.content ?? '');
  }
}

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  effectiveConfig,
  findHidden,
  findInnerGitDir,
  type Git,
  openDoor,
  type PopulatedGitlink,
  readConfig,
  readStatus,
  repositoryConfig,
  scanInner,
} from '@pwt/git';

/**
 * The git of a clone in which an agent has worked. Nothing that the clone's own configuration says is run: it is the
 * agent's. Only how the clone is stored is taken from it.
 */
export async function openClone(project: Git, path: string, mirrors: string): Promise<Git> {
  const gitDir = join(path, '.git');
  const current = repositoryConfig(await readConfig(project.at(path)));
  const config = effectiveConfig([], current);
  return openDoor(project, { workTree: path, gitDir, commonDir: gitDir, config, mirrors });
}

/** True if it, or a repository that is checked out in it, holds uncommitted work. */
export async function isDirty(clone: Git): Promise<boolean> {
  const holdsWork = ({ entries, inner }: PopulatedGitlink): boolean =>
    entries.length > 0 || inner.some(holdsWork);
  const { populated, stray } = await scanInner(clone);
  const isInner = stray.length > 0 || populated.some(holdsWork);
  return isInner || (await readStatus(clone)).length > 0 || (await findHidden(clone)).length > 0;
}

/** True for a repository of its own; not where a link leads to another one, which an agent may have put there. */
export async function isClone(path: string): Promise<boolean> {
  const isFolder = await lstat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const gitDir = join(path, '.git');
  return isFolder && (await findInnerGitDir(path, { around: { workTree: path, gitDir } })) !== null;
}

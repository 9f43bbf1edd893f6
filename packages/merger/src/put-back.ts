import { lstat, readFile, readlink, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ChangedFile, diskPath, type Git } from '@pwt/git';

/**
 * Puts the files of a working tree back that a landing has written or deleted before git failed in the middle of it (a
 * full disk, a filter that is missing). Index and HEAD are still those of before.
 *
 * Nothing of the user's is touched: a file is replaced or removed only if its content is what the landing writes there,
 * or the beginning of that, and written only where there is none.
 *
 * @param changes what the landing changes, renames unpaired; none of these files was edited when it began
 * @returns the tracked files that could not be written again
 */
export async function putBack(
  git: Git,
  { to, changes }: { readonly to: string; readonly changes: readonly ChangedFile[] },
): Promise<string[]> {
  for (const change of changes) {
    if (await isOfLanding(git, to, change)) await rm(diskPath(join(git.cwd, change.path)));
  }
  for (const { path, status } of changes) if (status === 'A') await removeEmptyFolders(git.cwd, path);
  const tracked = changes.filter(({ status, oldMode }) => status !== 'A' && oldMode !== '160000');
  const missing = await onlyMissing(git, tracked);
  if (missing.length === 0) return [];
  const input = missing.map((path) => `${path}\0`).join('');
  await git.run(['checkout-index', '-u', '-q', '-z', '--stdin'], { input, okExitCodes: [0, 1, 128] });
  return onlyMissing(git, tracked);
}

/** True if what is on disk is what the landing writes there, whole or in part. */
async function isOfLanding(git: Git, to: string, { path, newMode, newId }: ChangedFile): Promise<boolean> {
  const place = diskPath(join(git.cwd, path));
  const stats = await lstat(place).catch(nothingThere);
  if (stats === null || !(stats.isFile() || stats.isSymbolicLink())) return false;
  if (newMode === '120000') {
    if (!stats.isSymbolicLink()) return false;
    const { stdout } = await git.runBytes(['cat-file', 'blob', newId]);
    return stdout.equals(await readlink(place, { encoding: 'buffer' }));
  }
  if (!newMode.startsWith('100') || !stats.isFile()) return false;
  const args = ['cat-file', '--filters', `${to}:${path}`];
  const { exitCode, stdout } = await git.runBytes(args, { okExitCodes: [0, 1, 128] });
  const content = await readFile(place);
  return exitCode === 0 && stdout.subarray(0, content.length).equals(content);
}

/** The folders that the landing has made for a file, if nothing is in them. */
async function removeEmptyFolders(top: string, path: string): Promise<void> {
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const isRemoved = await rmdir(diskPath(join(top, folder))).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}

async function onlyMissing(git: Git, changes: readonly ChangedFile[]): Promise<string[]> {
  const found = await Promise.all(
    changes.map(({ path }) => lstat(diskPath(join(git.cwd, path))).catch(nothingThere)),
  );
  return changes.filter((_, index) => found[index] === null).map(({ path }) => path);
}

function nothingThere(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

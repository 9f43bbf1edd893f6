import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A lock file of git's as it was found. */
export interface LockFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the common git directory. */
  readonly name: string;
  /** Milliseconds since the epoch: when it was last written. */
  readonly changedAt: number;
  /** Tells it from another of the same name. */
  readonly fingerprint: string;
}

/** `packed-refs.new` is written under `packed-refs.lock`, and git refuses to go over an old one as well. */
const isLock = (name: string) => name.endsWith('.lock') || name === 'packed-refs.new';

/**
 * The lock files in a repository: of refs, packed refs, configuration, HEAD, index and shallow file, those of its
 * linked worktrees included. The oldest first.
 */
export async function findLockFiles(commonDir: string): Promise<LockFile[]> {
  const top = await entriesOf(commonDir);
  const worktrees = (await entriesOf(join(commonDir, 'worktrees'))).filter((entry) => entry.isDirectory());
  const names = [
    ...top.filter((entry) => entry.isFile() && isLock(entry.name)).map(({ name }) => name),
    ...(await locksBelow(commonDir, 'refs')),
    ...(await locksBelow(commonDir, 'reftable')),
    ...(
      await Promise.all(worktrees.map(({ name }) => locksBelow(commonDir, join('worktrees', name))))
    ).flat(),
  ];
  const found = await Promise.all(names.map((name) => readLockFile(commonDir, name)));
  return found.filter((lock) => lock !== undefined).sort((a, b) => a.changedAt - b.changedAt);
}

/** A lock file as it is now; `undefined` if it is gone. */
export async function readLockFile(commonDir: string, name: string): Promise<LockFile | undefined> {
  const path = join(commonDir, name);
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await lstat(path);
    return { path, name, changedAt: mtimeMs, fingerprint: [dev, ino, size, mtimeMs, ctimeMs].join(' ') };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function locksBelow(commonDir: string, folder: string): Promise<string[]> {
  const entries = await entriesOf(join(commonDir, folder));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const name = join(folder, entry.name);
      if (entry.isDirectory()) return locksBelow(commonDir, name);
      return entry.isFile() && isLock(entry.name) ? [name] : [];
    }),
  );
  return found.flat();
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

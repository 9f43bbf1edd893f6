import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { currentSystem } from './system/current.js';
import type { ProcessPlace } from './system/system.js';

/**
 * The processes whose working directory or root is a folder or lies in it. Those of
 * other users can't be seen; the calling process is not among them. Empty if there is no such folder.
 *
 * @throws PwtError `PWT_UNSUPPORTED_PLATFORM`
 */
export async function findResidents(folder: string): Promise<Pick<ProcessPlace, 'pid' | 'name'>[]> {
  const top = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (top === undefined) return [];
  return (await currentSystem().places())
    .filter(({ pid, folders }) => pid !== process.pid && folders.some((path) => isWithinFolder(top, path)))
    .map(({ pid, name }) => ({ pid, name }));
}

/** True for a folder itself and for what lies in it; both absolute, links resolved. */
export function isWithinFolder(top: string, path: string): boolean {
  return path === top || path.startsWith(top + sep);
}

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
  const isInside = (path: string) => path === top || path.startsWith(top + sep);
  return (await currentSystem().places())
    .filter(({ pid, folders }) => pid !== process.pid && folders.some(isInside))
    .map(({ pid, name }) => ({ pid, name }));
}

import { hasCode, PwtError } from '@pwt/core';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

/**
 * Does something that writes on this machine.
 *
 * @throws PwtError `PWT_WORKER_DISK_FULL` where the disk takes nothing more; whatever else it throws
 */
export async function saidIfFull<T>(worker: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (hasCode(error, 'PWT_WORKER_DISK_FULL')) throw error;
    const { code = '', path, message } = error as NodeJS.ErrnoException;
    // Git has no code for it.
    if (!FULL.has(code) && !/No space left on device|Disk quota exceeded/.test(String(message))) throw error;
    throw new PwtError('PWT_WORKER_DISK_FULL', `The worker ${worker} can't write: ${message}`, {
      hint: 'Make room there, or have it take tasks only while there is room: pwt worker --min-disk 5G',
      data: { worker, ...(path === undefined ? {} : { path }) },
      cause: error,
    });
  }
}

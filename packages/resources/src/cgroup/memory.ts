import { join } from 'node:path';
import { findHierarchy, readText, statOf } from './hierarchy.js';

/** What a cgroup leaves of the memory. */
export interface CgroupMemory {
  /** The lowest limit on the way up. */
  readonly limitBytes: number;
  /** What is left of the limit that is nearest to being reached. */
  readonly availableBytes: number;
}

const FILES = {
  1: { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', inactive: 'total_inactive_file' },
  2: { limit: 'memory.max', usage: 'memory.current', inactive: 'inactive_file' },
} as const;

/** Version 1 says "no limit" with the largest multiple of the page size. */
const UNLIMITED_BYTES = 2 ** 60;

/**
 * The memory limits that hold for this process; `undefined` if there are none.
 *
 * The page cache of files counts as used by the cgroup, but its inactive part is given back at once when
 * memory gets short. So it is subtracted, as the kernel's own eviction signal and kubelet do.
 */
export async function cgroupMemory(root: string): Promise<CgroupMemory | undefined> {
  const hierarchy = await findHierarchy(root, 'memory');
  if (!hierarchy) return undefined;
  const names = FILES[hierarchy.version];
  const levels = await Promise.all(
    hierarchy.directories.map(async (directory) => {
      const limitBytes = Number(await readText(join(directory, names.limit)));
      if (!Number.isFinite(limitBytes) || limitBytes <= 0 || limitBytes >= UNLIMITED_BYTES) return undefined;
      const usageBytes = Number((await readText(join(directory, names.usage))) ?? 0);
      const inactiveBytes = statOf(await readText(join(directory, 'memory.stat')), names.inactive);
      const usedBytes = Math.max(0, usageBytes - inactiveBytes);
      return { limitBytes, availableBytes: Math.max(0, limitBytes - usedBytes) };
    }),
  );
  const limited = levels.filter((level) => level !== undefined);
  if (limited.length === 0) return undefined;
  return {
    limitBytes: Math.min(...limited.map(({ limitBytes }) => limitBytes)),
    availableBytes: Math.min(...limited.map(({ availableBytes }) => availableBytes)),
  };
}

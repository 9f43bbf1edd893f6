import { join } from 'node:path';
import { findHierarchy, type Hierarchy, readText, statOf } from './hierarchy.js';

/** The cores' worth of time that this process's cgroup may use; `undefined` if it is not limited. */
export async function cgroupCpuQuota(root: string): Promise<number | undefined> {
  const hierarchy = await findHierarchy(root, 'cpu');
  if (!hierarchy) return undefined;
  const quotas = await Promise.all(hierarchy.directories.map((one) => quotaOf(hierarchy.version, one)));
  const limited = quotas.filter((quota) => quota !== undefined);
  return limited.length === 0 ? undefined : Math.min(...limited);
}

/**
 * The CPU time that the cgroup with the tightest quota (without any: this process's own) has used since it was
 * made, in milliseconds; `undefined` if the system does not count it. The time of all processes that share the quota is in it.
 */
export async function cgroupCpuMs(root: string): Promise<number | undefined> {
  const hierarchy = (await findHierarchy(root, 'cpuacct')) ?? (await findHierarchy(root, 'cpu'));
  if (!hierarchy) return undefined;
  const usages = await Promise.all(
    (await limitedFirst(root, hierarchy)).map((one) => usageOf(hierarchy.version, one)),
  );
  return usages.find((usage) => usage !== undefined);
}

async function limitedFirst(root: string, hierarchy: Hierarchy): Promise<readonly string[]> {
  const quotas = await findHierarchy(root, 'cpu');
  if (quotas?.version !== 2) return hierarchy.directories;
  const rated = await Promise.all(
    quotas.directories.map(async (directory) => ({
      directory,
      quota: (await quotaOf(2, directory)) ?? Number.POSITIVE_INFINITY,
    })),
  );
  return rated.sort((a, b) => (a.quota === b.quota ? 0 : a.quota - b.quota)).map((one) => one.directory);
}

/** `cpu.max` is `max 100000` or `50000 100000` (quota and period in µs); version 1 has a file for each. */
async function quotaOf(version: 1 | 2, directory: string): Promise<number | undefined> {
  const text =
    version === 2
      ? await readText(join(directory, 'cpu.max'))
      : `${await readText(join(directory, 'cpu.cfs_quota_us'))} ${await readText(join(directory, 'cpu.cfs_period_us'))}`;
  const [quota = Number.NaN, period = Number.NaN] = (text ?? '').trim().split(/\s+/).map(Number);
  return quota > 0 && period > 0 ? quota / period : undefined;
}

async function usageOf(version: 1 | 2, directory: string): Promise<number | undefined> {
  if (version === 2) {
    const stat = await readText(join(directory, 'cpu.stat'));
    return stat?.includes('usage_usec ') ? statOf(stat, 'usage_usec') / 1e3 : undefined;
  }
  const nanoseconds = await readText(join(directory, 'cpuacct.usage'));
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}

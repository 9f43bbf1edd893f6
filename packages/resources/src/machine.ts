import { defined } from '@pwt/core';
import { capacityOf } from './capacity.js';
import { cgroupCpuQuota } from './cgroup/cpu.js';
import { cgroupMemory } from './cgroup/memory.js';
import { usableCores } from './cpu-meter.js';
import { type Host, systemHost } from './host.js';
import { usableMemory } from './memory.js';

/** What a machine has to offer, without any judgement on it. */
export interface MachineCapacity {
  /** Cores that this process may use; fractions come from cgroup quotas. */
  readonly cpuCount: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  readonly diskTotalBytes: number;
  readonly diskAvailableBytes: number;
  /** The limits that a cgroup sets; absent where it sets none. */
  readonly cgroup: { readonly cpuQuota?: number; readonly memoryLimitBytes?: number };
}

/** Describes the machine without measuring a load, so at once. */
export async function inspectMachine(options: {
  /** Absolute; the disk that holds it is described. */
  readonly diskPath: string;
  readonly root?: string;
  readonly host?: Host;
}): Promise<MachineCapacity> {
  const { diskPath, root = '/', host = systemHost } = options;
  const [cpuCount, memory, disk, cpuQuota, limit] = await Promise.all([
    usableCores(root, host),
    usableMemory(root, host),
    host.disk(diskPath),
    cgroupCpuQuota(root),
    cgroupMemory(root),
  ]);
  return {
    ...capacityOf(cpuCount, memory, disk),
    cgroup: {
      ...defined({ cpuQuota }),
      ...defined({ memoryLimitBytes: limit?.limitBytes }),
    },
  };
}

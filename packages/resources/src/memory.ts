import { cgroupMemory } from './cgroup/memory.js';
import type { Host } from './host.js';

export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** The memory of the machine or what its cgroup leaves of it, whichever is less. */
export async function usableMemory(root: string, host: Host): Promise<Memory> {
  const [machine, cgroup] = await Promise.all([host.memory(), cgroupMemory(root)]);
  if (!cgroup) return machine;
  const totalBytes = Math.min(machine.totalBytes, cgroup.limitBytes);
  return { totalBytes, availableBytes: Math.min(totalBytes, machine.availableBytes, cgroup.availableBytes) };
}

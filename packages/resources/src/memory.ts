import { cgroupMemory } from './cgroup/memory.js';
import type { Amount, Host } from './host.js';

/** The memory of the machine or what its cgroup leaves of it, whichever is less. */
export async function usableMemory(root: string, host: Host): Promise<Amount> {
  const [machine, cgroup] = await Promise.all([host.memory(), cgroupMemory(root)]);
  if (!cgroup) return machine;
  const totalBytes = Math.min(machine.totalBytes, cgroup.limitBytes);
  return { totalBytes, availableBytes: Math.min(totalBytes, machine.availableBytes, cgroup.availableBytes) };
}

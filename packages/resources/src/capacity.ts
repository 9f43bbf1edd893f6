import type { ResourceCapacity } from '@pwt/core';
import type { Amount } from './host.js';

/** What a machine has, as the contract names it. */
export function capacityOf(cpuCount: number, memory: Amount, disk: Amount): ResourceCapacity {
  return {
    cpuCount,
    memoryTotalBytes: memory.totalBytes,
    memoryAvailableBytes: memory.availableBytes,
    diskTotalBytes: disk.totalBytes,
    diskAvailableBytes: disk.availableBytes,
  };
}

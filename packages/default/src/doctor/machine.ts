import type { ResourceCapacity } from '@pwt/core';
import { type Check, type CheckStatus, ok } from './check.js';

interface Need {
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly recommended: number;
  readonly read: (sample: ResourceCapacity) => number;
  readonly fix: string;
}

const GB = 1024 ** 3;

/** What a machine needs to run a few agents at the same time. */
const needs: readonly Need[] = [
  {
    name: 'disk',
    unit: 'GB of disk free',
    minimum: 5,
    recommended: 10,
    read: (sample) => sample.diskAvailableBytes / GB,
    fix: 'pwt clean',
  },
  {
    name: 'memory',
    unit: 'GB of memory',
    minimum: 8,
    recommended: 16,
    read: (sample) => sample.memoryTotalBytes / GB,
    fix: 'pwt run --max-instances 1',
  },
  {
    name: 'cores',
    unit: 'cores',
    minimum: 4,
    recommended: 8,
    read: (sample) => sample.cpuCount,
    fix: 'pwt run --max-instances 1',
  },
];

/** Judges a machine. Pure. */
export function checkMachine(sample: ResourceCapacity): Check[] {
  return needs.map(({ name, unit, minimum, recommended, read, fix }) => {
    const found = read(sample);
    const message = `${Number(found.toFixed(1))} ${unit} (minimum ${minimum}, recommended ${recommended})`;
    if (found >= recommended) return ok(name, message);
    const status: CheckStatus = found >= minimum ? 'note' : 'warning';
    return { name, status, message, ...(status === 'warning' ? { fix } : {}) };
  });
}

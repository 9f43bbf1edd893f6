import { type Diagnostic, PwtError, type ResourceCapacity, type ResourceMonitor } from '@pwt/core';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Environment } from '../../project/project.js';
import { temporaryFolderNote } from './temporary-folder.js';

/** What an agent is taken to need: measured agents use 150 MB to 1 GB each. */
const MEMORY_PER_AGENT_BYTES = 1024 ** 3;
const AGENTS_PER_CORE = 2;

/**
 * Looks at what the machine has before anything is made. Its load is measured beside the first agents.
 *
 * @returns warnings
 * @throws PwtError `PWT_DISK_FULL`
 */
export async function preflight(
  config: ResolvedConfig,
  monitor: ResourceMonitor,
  env: Environment,
): Promise<Diagnostic[]> {
  const capacity = await (monitor.capacity?.() ?? monitor.sample());
  const { minDisk, maxInstances } = config;
  if (capacity.diskAvailableBytes < minDisk) {
    throw new PwtError(
      'PWT_DISK_FULL',
      `Only ${megabytes(capacity.diskAvailableBytes)} MB of disk are free; a run starts with ${megabytes(minDisk)} MB or more.`,
      {
        hint: 'Free some space (`pwt clean` helps), or lower the limit with --min-disk.',
        data: { ...capacity },
      },
    );
  }
  const temporary = await temporaryFolderNote(env);
  const bearable = bearableInstances(capacity);
  if (maxInstances <= bearable) return temporary;
  return [
    ...temporary,
    {
      code: 'PWT_MANY_INSTANCES',
      severity: 'warning',
      message: `${maxInstances} agents at the same time are more than this machine can probably run (about ${bearable}).`,
      hint: 'No further agent starts while CPU or memory are over their limits.',
    },
  ];
}

/** How many agents a machine can probably run. At least 1. Pure. */
export function bearableInstances(machine: ResourceCapacity): number {
  const byMemory = Math.floor(machine.memoryTotalBytes / MEMORY_PER_AGENT_BYTES);
  return Math.max(1, Math.min(byMemory, Math.floor(machine.cpuCount * AGENTS_PER_CORE)));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

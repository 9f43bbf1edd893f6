import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';

/** The machine as the operating system describes it, blind to cgroups. */
export interface Host {
  /** All cores of the machine. */
  readonly coreCount: number;
  /** Those that this process may be scheduled on. */
  readonly usableCoreCount: number;
  /** The load since the call before, 0–100; the first call has nothing to compare with. */
  loadPercent(): Promise<number>;
  memory(): Promise<{ readonly totalBytes: number; readonly availableBytes: number }>;
  disk(path: string): Promise<{ readonly totalBytes: number; readonly availableBytes: number }>;
}

/**
 * The real machine, through systeminformation, which is loaded at the first use: it takes longer to load
 * than the rest of pwt.
 *
 * Disks are asked from the system directly: systeminformation starts `df` over all mounts for it, which
 * hangs when one of them is a dead network share.
 */
export const systemHost: Host = {
  coreCount: Math.max(1, cpus().length),
  usableCoreCount: availableParallelism(),
  async loadPercent() {
    return (await (await systemInformation()).currentLoad()).currentLoad;
  },
  async memory() {
    const { total, available } = await (await systemInformation()).mem();
    return { totalBytes: total, availableBytes: available };
  },
  async disk(path) {
    const { bsize, blocks, bavail } = await statfs(path);
    return { totalBytes: bsize * blocks, availableBytes: bsize * bavail };
  },
};

async function systemInformation(): Promise<typeof import('systeminformation')> {
  return (await import('systeminformation')).default;
}

import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';

/** How much there is of something, and how much of it is free. */
export interface Amount {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** The CPU time of all cores since the machine was started, in milliseconds. */
export interface CpuTime {
  readonly busyMs: number;
  readonly totalMs: number;
}

/** The machine as the operating system describes it, blind to cgroups. */
export interface Host {
  /** All cores of the machine. */
  readonly coreCount: number;
  /** Those that this process may be scheduled on. */
  readonly usableCoreCount: number;
  cpuTime(): CpuTime;
  memory(): Promise<Amount>;
  disk(path: string): Promise<Amount>;
}

/** The real machine. What is asked of it costs a few system calls: a run asks before it starts, and every second. */
export const systemHost: Host = {
  coreCount: Math.max(1, cpus().length),
  usableCoreCount: availableParallelism(),
  cpuTime() {
    const times = cpus().map(({ times }) => times);
    const idleMs = times.reduce((sum, { idle }) => sum + idle, 0);
    const busyMs = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
    return { busyMs, totalMs: busyMs + idleMs };
  },
  async memory() {
    // On Linux, Node tells `MemAvailable`, the kernel's own estimate. On macOS it tells the free pages alone, without
    // those that are given back when they are needed: systeminformation adds these. It takes longer to load than the
    // rest of pwt.
    if (process.platform === 'linux') return { totalBytes: totalmem(), availableBytes: freemem() };
    const { total, available } = await (await import('systeminformation')).default.mem();
    return { totalBytes: total, availableBytes: available };
  },
  /** From the system itself: systeminformation starts `df` over all mounts, which hangs on a dead network share. */
  async disk(path) {
    const { bsize, blocks, bavail } = await statfs(path);
    return { totalBytes: bsize * blocks, availableBytes: bsize * bavail };
  },
};

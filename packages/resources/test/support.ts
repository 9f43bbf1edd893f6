import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { MeterClock } from '../src/cpu-meter.js';
import type { Host } from '../src/host.js';

const roots: string[] = [];

afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true });
});

export type FakeFiles = Readonly<Record<string, string | number>>;

/** A root directory with these files in it; each directory below `sys/fs/cgroup` is made a cgroup. */
export async function makeRoot(files: FakeFiles = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pwt-resources-'));
  roots.push(root);
  await writeFiles(root, files);
  return root;
}

export async function writeFiles(root: string, files: FakeFiles): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${content}\n`);
    if (name.startsWith('sys/')) await writeFile(join(dirname(path), 'cgroup.procs'), '1\n');
  }
}

export const GiB = 1024 ** 3;

/** A machine of 8 cores and 16 GiB. The loads, in percent, are those between one look at the CPU time and the next. */
export function fakeHost(changes: Partial<Host> = {}, loads: readonly number[] = [0, 25]): Host {
  let calls = 0;
  let busyMs = 0;
  return {
    coreCount: 8,
    usableCoreCount: 8,
    cpuTime: () => {
      busyMs += loads[Math.min(calls++, loads.length - 1)] as number;
      return { busyMs, totalMs: 100 * calls };
    },
    memory: async () => ({ totalBytes: 16 * GiB, availableBytes: 12 * GiB }),
    disk: async () => ({ totalBytes: 100 * GiB, availableBytes: 40 * GiB }),
    ...changes,
  };
}

/** Time that passes only when a caller waits, or when the test advances it. */
export class ManualMeterClock implements MeterClock {
  waits = 0;
  #now = 1000;
  readonly #onWait: (() => Promise<void>) | undefined;

  constructor(onWait?: () => Promise<void>) {
    this.#onWait = onWait;
  }

  now(): number {
    return this.#now;
  }

  async wait(ms: number): Promise<void> {
    this.waits += 1;
    this.#now += ms;
    await this.#onWait?.();
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

import { type ResourceCapacity, type ResourceMonitor, type ResourceSample, throwIfAborted } from '@pwt/core';
import { capacityOf } from './capacity.js';
import { CpuMeter, type MeterClock, systemMeterClock } from './cpu-meter.js';
import { type Host, systemHost } from './host.js';
import { usableMemory } from './memory.js';

export interface SystemResourceMonitorOptions {
  /** Absolute; the disk that holds it is the one that is watched. */
  readonly diskPath: string;
  /** Where `/proc` and `/sys` are found. @default '/' */
  readonly root?: string;
  /** @default the machine this runs on */
  readonly host?: Host;
  /** @default the system's clock */
  readonly clock?: MeterClock;
}

/**
 * Measures CPU, memory and disk as far as this process may use them: the limits of its cgroup (version 1
 * and 2, those of all ancestors) count as the machine's.
 *
 * The first sample takes a quarter of a second, counted from a call of {@link capacity} if there was one; so does a
 * sample after a pause of more than ten seconds. Samples closer to each other than a quarter of a second repeat the
 * CPU load of the one before. Concurrent calls share one measurement.
 */
export class SystemResourceMonitor implements ResourceMonitor {
  readonly name = 'system';
  readonly #diskPath: string;
  readonly #root: string;
  readonly #host: Host;
  readonly #cpu: CpuMeter;
  #pending: Promise<ResourceSample> | undefined;

  constructor(options: SystemResourceMonitorOptions) {
    const { diskPath, root = '/', host = systemHost, clock = systemMeterClock } = options;
    this.#diskPath = diskPath;
    this.#root = root;
    this.#host = host;
    this.#cpu = new CpuMeter({ root, host, clock });
  }

  /** Also marks the start of the interval that the first sample measures. */
  async capacity(): Promise<ResourceCapacity> {
    const [cpuCount, memory, disk] = await Promise.all([
      this.#cpu.begin(),
      usableMemory(this.#root, this.#host),
      this.#host.disk(this.#diskPath),
    ]);
    return capacityOf(cpuCount, memory, disk);
  }

  /** An aborted call ends when the measurement does: others may be waiting for the same one. */
  async sample({ abortSignal }: { readonly abortSignal?: AbortSignal } = {}): Promise<ResourceSample> {
    throwIfAborted(abortSignal);
    this.#pending ??= this.#measure().finally(() => {
      this.#pending = undefined;
    });
    const sample = await this.#pending;
    throwIfAborted(abortSignal);
    return sample;
  }

  async #measure(): Promise<ResourceSample> {
    const cpu = await this.#cpu.read();
    const [memory, disk] = await Promise.all([
      usableMemory(this.#root, this.#host),
      this.#host.disk(this.#diskPath),
    ]);
    const usedBytes = memory.totalBytes - memory.availableBytes;
    return {
      cpuPercent: cpu.percent,
      memoryPercent: memory.totalBytes > 0 ? (100 * usedBytes) / memory.totalBytes : 0,
      ...capacityOf(cpu.cores, memory, disk),
    };
  }
}

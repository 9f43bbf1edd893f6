import type { Clock } from './clock.js';
import type { RunOptions } from './options.js';
import type { ResourceSample } from './resources.js';

const SAMPLE_INTERVAL_MS = 1000;
/** CPU load is judged over this many samples: starting an agent is itself a short burst. */
const CPU_WINDOW = 3;
/** How far below the limit the load must fall before starts go on, so that admission does not change back and forth. */
const HYSTERESIS_PERCENT = 5;

export interface AdmissionOptions {
  /** Measures the machine. */
  readonly sample: () => Promise<ResourceSample>;
  readonly limits: Pick<RunOptions, 'maxCpuPercent' | 'maxMemoryPercent' | 'minDiskBytes'>;
  readonly clock: Clock;
  readonly onSample: (sample: ResourceSample) => void;
  /** The reason why nothing more may start, or `undefined` when starts may go on. */
  readonly onChange: (paused: string | undefined) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Watches a machine and says whether another agent may start beside those that run. The caller always lets one agent run.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** The newest samples, with the load of what has started since each of them was taken. */
  #window: { readonly sample: ResourceSample; expectedPercent: number }[] = [];
  #paused: string | undefined;
  #cancel: (() => void) | undefined;
  #active = false;
  #failed = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Why nothing more may start; `undefined` while there is room, and before the first sample. */
  get paused(): string | undefined {
    return this.#paused;
  }

  /** The newest sample. */
  get sample(): ResourceSample | undefined {
    return this.#window.at(-1)?.sample;
  }

  /** Something starts that will keep so many cores busy: it counts as load at once, until the samples have it. */
  expect(cores: number): void {
    for (const entry of this.#window) entry.expectedPercent += (100 * cores) / entry.sample.cpuCount;
    this.#judge();
  }

  start(): void {
    this.#active = true;
    void this.#tick();
  }

  /** No callback is called from now on, not even for a measurement that is under way. */
  stop(): void {
    this.#active = false;
    this.#cancel?.();
  }

  async #tick(): Promise<void> {
    try {
      const sample = await this.#options.sample();
      if (!this.#active) return;
      this.#failed = false;
      this.#window = [...this.#window, { sample, expectedPercent: 0 }].slice(-CPU_WINDOW);
      this.#judge();
      this.#options.onSample(sample);
    } catch (error) {
      if (!this.#active) return;
      // If the machine can't be measured, that is reported once, and agents may start.
      if (!this.#failed) this.#options.onError(error);
      this.#failed = true;
      this.#set(undefined);
    }
    if (this.#active) this.#cancel = this.#options.clock.after(SAMPLE_INTERVAL_MS, () => void this.#tick());
  }

  #judge(): void {
    const { sample } = this;
    if (sample === undefined) return;
    this.#set(isNobodyReady(sample) ? 'no machine is ready' : this.#overload(sample));
  }

  /** Which limit is reached, in a few words. */
  #overload(sample: ResourceSample): string | undefined {
    const loads = this.#window.map(({ sample, expectedPercent }) => sample.cpuPercent + expectedPercent);
    const cpuPercent = Math.min(100, loads.reduce((sum, load) => sum + load, 0) / loads.length);
    const slack = this.#paused === undefined ? 0 : HYSTERESIS_PERCENT;
    const { maxCpuPercent, maxMemoryPercent, minDiskBytes } = this.#options.limits;
    return sample.diskAvailableBytes < minDiskBytes
      ? `only ${gigabytes(sample.diskAvailableBytes)} GB of disk left (limit ${gigabytes(minDiskBytes)} GB)`
      : sample.memoryPercent > maxMemoryPercent - slack
        ? `memory at ${Math.round(sample.memoryPercent)} % (limit ${maxMemoryPercent} %)`
        : loads.length === CPU_WINDOW && cpuPercent > maxCpuPercent - slack
          ? `CPU at ${Math.round(cpuPercent)} % (limit ${maxCpuPercent} %)`
          : undefined;
  }

  #set(paused: string | undefined): void {
    const changed = (paused === undefined) !== (this.#paused === undefined);
    this.#paused = paused;
    if (changed) this.#options.onChange(paused);
  }
}

/** Agents work on other machines, and none of them takes one now. */
function isNobodyReady({ machines }: ResourceSample): boolean {
  return machines !== undefined && !machines.some(({ state }) => state === 'ready');
}

function gigabytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}

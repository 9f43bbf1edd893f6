import { setTimeout as delay } from 'node:timers/promises';
import { cgroupCpuMs, cgroupCpuQuota } from './cgroup/cpu.js';
import type { CpuTime, Host } from './host.js';

/** Time as a meter sees it, so that tests can steer it. */
export interface MeterClock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  wait(ms: number): Promise<void>;
}

export const systemMeterClock: MeterClock = {
  now: () => performance.now(),
  wait: (ms) => delay(ms),
};

/** Shorter intervals say nothing: the system counts CPU time in ticks of 10 ms. */
const SHORTEST_MS = 250;
/** A longer interval is history. */
const LONGEST_MS = 10_000;

/** The counters at one moment. */
interface Mark {
  readonly at: number;
  readonly host: CpuTime;
  readonly cgroupMs: number | undefined;
}

/**
 * Measures how busy the cores are that this process may use, between one reading and the next.
 *
 * Where a quota or an affinity mask leaves it only a part of the machine, the load of the machine says
 * nothing: the CPU time of the own cgroup counts, against what it may use.
 */
export class CpuMeter {
  readonly #root: string;
  readonly #host: Host;
  readonly #clock: MeterClock;
  #last: Mark | undefined;
  #percent: number | undefined;

  constructor(options: { root: string; host: Host; clock: MeterClock }) {
    this.#root = options.root;
    this.#host = options.host;
    this.#clock = options.clock;
  }

  /** Begins an interval that the first reading measures; waits for nothing. Returns the cores. */
  async begin(): Promise<number> {
    this.#last ??= await this.#mark();
    return usableCores(this.#root, this.#host);
  }

  async read(): Promise<{ percent: number; cores: number }> {
    const cores = await usableCores(this.#root, this.#host);
    let since = this.#last;
    if (since && this.#percent !== undefined && this.#ageOf(since) < SHORTEST_MS)
      return { percent: this.#percent, cores };
    if (!since || this.#ageOf(since) > LONGEST_MS) since = await this.#mark();
    const missingMs = SHORTEST_MS - this.#ageOf(since);
    if (missingMs > 0) await this.#clock.wait(missingMs);
    const mark = await this.#mark();
    this.#last = mark;
    this.#percent = clampPercent(this.#percentBetween(since, mark, cores));
    return { percent: this.#percent, cores };
  }

  #ageOf({ at }: Mark): number {
    return this.#clock.now() - at;
  }

  async #mark(): Promise<Mark> {
    const cgroupMs = await cgroupCpuMs(this.#root);
    return { at: this.#clock.now(), host: this.#host.cpuTime(), cgroupMs };
  }

  #percentBetween(a: Mark, b: Mark, cores: number): number {
    const isPart = cores < this.#host.coreCount;
    if (isPart && a.cgroupMs !== undefined && b.cgroupMs !== undefined && b.at > a.at)
      return (100 * (b.cgroupMs - a.cgroupMs)) / ((b.at - a.at) * cores);
    return (100 * (b.host.busyMs - a.host.busyMs)) / (b.host.totalMs - a.host.totalMs);
  }
}

/** The cores' worth of time that this process may use: a fraction where a quota says so. */
export async function usableCores(root: string, host: Host): Promise<number> {
  const quota = await cgroupCpuQuota(root);
  return quota === undefined ? host.usableCoreCount : Math.min(host.usableCoreCount, quota);
}

function clampPercent(percent: number): number {
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
}

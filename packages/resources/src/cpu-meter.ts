import { setTimeout as delay } from 'node:timers/promises';
import { cgroupCpuMs, cgroupCpuQuota } from './cgroup/cpu.js';
import type { Host } from './host.js';

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

/** Shorter intervals say nothing; systeminformation repeats its earlier value within 200 ms. */
const SHORTEST_MS = 250;
/** A longer interval is history. */
const LONGEST_MS = 10_000;

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
  #last: { readonly at: number; readonly cgroupMs: number | undefined } | undefined;
  #percent = 0;

  constructor(options: { root: string; host: Host; clock: MeterClock }) {
    this.#root = options.root;
    this.#host = options.host;
    this.#clock = options.clock;
  }

  async read(): Promise<{ percent: number; cores: number }> {
    const cores = await usableCores(this.#root, this.#host);
    let since = this.#last;
    if (since && this.#clock.now() - since.at < SHORTEST_MS) return { percent: this.#percent, cores };
    if (!since || this.#clock.now() - since.at > LONGEST_MS) {
      since = (await this.#mark()).mark;
      await this.#clock.wait(SHORTEST_MS);
    }
    const { mark, hostPercent } = await this.#mark();
    this.#percent = clampPercent(this.#percentBetween(since, mark, cores) ?? hostPercent);
    return { percent: this.#percent, cores };
  }

  async #mark(): Promise<{ mark: { at: number; cgroupMs: number | undefined }; hostPercent: number }> {
    const [hostPercent, cgroupMs] = await Promise.all([this.#host.loadPercent(), cgroupCpuMs(this.#root)]);
    const mark = { at: this.#clock.now(), cgroupMs };
    this.#last = mark;
    return { mark, hostPercent };
  }

  #percentBetween(
    a: { at: number; cgroupMs: number | undefined },
    b: { at: number; cgroupMs: number | undefined },
    cores: number,
  ): number | undefined {
    const isPart = cores < this.#host.coreCount;
    if (!isPart || a.cgroupMs === undefined || b.cgroupMs === undefined || b.at <= a.at) return undefined;
    return (100 * (b.cgroupMs - a.cgroupMs)) / ((b.at - a.at) * cores);
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

import type { Clock, MachineSample, ResourceSample } from '@pwt/core';

/** How often the load goes into the log. */
const INTERVAL_MS = 5000;
/** Machines are recorded again after this time although nothing of them has changed but their load. */
const MACHINES_MS = 60_000;
/** So many machines are recorded, those at work first. */
const MOST_MACHINES = 100;
/** With many machines something always changes: they are recorded no more often than this allows for each. */
const MS_PER_MACHINE = 500;

/** Says which samples go into the log, and what of them: it must not grow with the size of a fleet. */
export class SampleLog {
  readonly #clock: Clock;
  #recordedAt = Number.NEGATIVE_INFINITY;
  #machinesAt = Number.NEGATIVE_INFINITY;
  #machines: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is to be recorded of a sample; `undefined` for nothing. Without `machines`, those that were recorded before hold. */
  take(sample: ResourceSample): ResourceSample | undefined {
    const now = this.#clock.now();
    const isNews = this.#areNews(sample.machines, now);
    if (!isNews && Math.abs(now - this.#recordedAt) < INTERVAL_MS) return undefined;
    this.#recordedAt = now;
    const { machines, ...load } = sample;
    if (machines === undefined || !isNews) return load;
    this.#machinesAt = now;
    this.#machines = standOf(machines);
    return { ...load, machines: mostAtWork(machines) };
  }

  #areNews(machines: readonly MachineSample[] | undefined, now: number): boolean {
    if (machines === undefined) return false;
    const sinceMs = Math.abs(now - this.#machinesAt);
    if (sinceMs < Math.max(INTERVAL_MS, MS_PER_MACHINE * Math.min(machines.length, MOST_MACHINES)))
      return false;
    return sinceMs >= MACHINES_MS || standOf(machines) !== this.#machines;
  }
}

/** What is news of machines: all but their load. */
function standOf(machines: readonly MachineSample[]): string {
  return JSON.stringify(machines.map(({ cpuPercent: _cpu, memoryPercent: _memory, ...stand }) => stand));
}

function mostAtWork(machines: readonly MachineSample[]): readonly MachineSample[] {
  if (machines.length <= MOST_MACHINES) return machines;
  return [...machines].sort((a, b) => b.agents - a.agents).slice(0, MOST_MACHINES);
}

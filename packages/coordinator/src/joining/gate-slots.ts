import type { ResourceSample, Verdict } from '@pwt/core';
import type { GateExperience } from '../experience/experience.js';

/** A gate of which nothing is known is taken to keep so many cores busy. */
const UNKNOWN_CORES = 2;
/** One that only waits still costs its processes. */
const LEAST_CORES = 0.125;
/** Each has a checkout of its own, and the processes in it. */
const BYTES_PER_GATE = 2 * 1024 ** 3;
const MOST_SLOTS = 8;

/** The cores that a gate keeps busy on average; `undefined` if that was not measured. */
function busyCores({ durationMs, cpuMs }: GateExperience): number | undefined {
  return cpuMs === undefined || durationMs <= 0 ? undefined : cpuMs / durationMs;
}

/**
 * How many gates this machine runs at the same time: as many as its cores and its memory bear. Pure.
 *
 * @param cores that one gate keeps busy
 */
export function slotsFor(
  { cpuCount, memoryTotalBytes }: Pick<ResourceSample, 'cpuCount' | 'memoryTotalBytes'>,
  cores: number = UNKNOWN_CORES,
): number {
  const byCores = cpuCount / Math.max(cores, LEAST_CORES);
  const byMemory = memoryTotalBytes / BYTES_PER_GATE;
  return Math.max(1, Math.min(MOST_SLOTS, Math.floor(byCores), Math.floor(byMemory)));
}

/** What admission knows of the machine. */
export interface MachineLoad {
  /** Why nothing more may start; `undefined` while there is room. */
  readonly paused: string | undefined;
  /** The newest sample. */
  readonly sample: ResourceSample | undefined;
  /** So many cores will be busy that no sample shows yet. */
  expect(cores: number): void;
}

export interface GateSlotsOptions {
  /** What the user wants; absent: by the machine, and by what the gate was seen to need. */
  readonly wanted: number | undefined;
  readonly machine: MachineLoad;
  /** What earlier runs know of this gate. */
  readonly seen?: GateExperience | undefined;
}

/** How many gates may run at the same time. One always may. */
export class GateSlots {
  readonly #options: GateSlotsOptions;
  #cores: number | undefined;

  constructor(options: GateSlotsOptions) {
    this.#options = options;
    this.#cores = options.seen && busyCores(options.seen);
  }

  /** Before the machine was looked at, it is one. */
  get count(): number {
    const { wanted, machine } = this.#options;
    if (wanted !== undefined) return wanted;
    return machine.sample === undefined ? 1 : slotsFor(machine.sample, this.#cores);
  }

  /** Whether another gate may start beside those that run: not while the machine is too busy. */
  mayStart(running: number): boolean {
    return running === 0 || (running < this.count && this.#options.machine.paused === undefined);
  }

  /** A gate starts: what it takes of the machine, where that is known, is not in a sample yet. */
  started(): void {
    if (this.#cores !== undefined) this.#options.machine.expect(this.#cores);
  }

  /** A gate has run: its need is known from now on. */
  finished(verdict: Verdict): void {
    this.#cores = busyCores(verdict) ?? this.#cores;
  }
}

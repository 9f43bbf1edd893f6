import { Admission, type Clock, type ResourceMonitor, type ResourceSample, type RunOptions } from '@pwt/core';
import type { Requirement } from '../protocol/requirement.js';
import type { WorkerLog } from './log.js';
import type { Slots } from './slots.js';

export interface RoomOptions {
  readonly slots: Slots;
  readonly gateSlots: Slots;
  readonly monitor: ResourceMonitor;
  readonly limits: Pick<RunOptions, 'maxCpuPercent' | 'maxMemoryPercent' | 'minDiskBytes'>;
  readonly clock: Clock;
  readonly log: WorkerLog;
  /** There may be more room, or less. */
  readonly onChange: () => void;
}

/** How much more the worker may take, by its slots and by how busy the machine is. */
export class Room {
  readonly #options: RoomOptions;
  readonly #admission: Admission;

  constructor(options: RoomOptions) {
    this.#options = options;
    const { monitor, limits, clock, log, onChange } = options;
    this.#admission = new Admission({
      ...{ limits, clock },
      sample: () => monitor.sample(),
      onSample: () => undefined,
      onChange: (paused) => {
        log.info(paused === undefined ? 'takes tasks again' : `takes nothing for now: ${paused}`);
        onChange();
      },
      onError: (error) => log.warn(`The load of the machine can't be measured: ${String(error)}`),
    });
  }

  /** The newest measurement. */
  get sample(): ResourceSample | undefined {
    return this.#admission.sample;
  }

  start(): void {
    this.#admission.start();
  }

  stop(): void {
    this.#admission.stop();
  }

  /**
   * How many more workspaces of this kind. One always goes on, however busy the machine is: it may be busy with something else for
   * long. On a full disk none can be made.
   */
  of(kind: Requirement['kind']): number {
    const { slots, gateSlots, limits } = this.#options;
    const { free, isIdle } = kind === 'task' ? slots : gateSlots;
    const { paused, sample } = this.#admission;
    if (paused === undefined) return free;
    const isDiskFull = sample !== undefined && sample.diskAvailableBytes < limits.minDiskBytes;
    return isIdle && !isDiskFull ? Math.min(1, free) : 0;
  }
}

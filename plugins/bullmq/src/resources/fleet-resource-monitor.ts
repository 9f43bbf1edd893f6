import {
  type Clock,
  type MachineSample,
  type ResourceCapacity,
  type ResourceMonitor,
  type ResourceSample,
  systemClock,
  throwIfAborted,
} from '@pwt/core';
import type { Fleet } from '../fleet/fleet.js';
import type { WorkerPresence } from '../protocol/presence.js';
import { saidRefusals } from './said-refusals.js';

/** For how long a worker that says nothing any more is still shown, in milliseconds. */
const SHOWN_MS = 10 * 60_000;

export interface FleetResourceMonitorOptions {
  readonly fleet: Pick<Fleet, 'workers' | 'requirementOf'>;
  /** Of the machine that this runs on: all work comes to its disk. */
  readonly local: ResourceMonitor;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/**
 * The workers together. Cores and memory are the sums of those that take tasks; the load is that of the least busy one: as long as
 * one has room, tasks may start. The disk is theirs together or that of this machine, whichever has less room.
 *
 * While none is connected, it says what this machine has, and that no machine is ready.
 */
export class FleetResourceMonitor implements ResourceMonitor {
  readonly name = 'bullmq';
  readonly #fleet: Pick<Fleet, 'workers' | 'requirementOf'>;
  readonly #local: ResourceMonitor;
  readonly #clock: Clock;
  readonly #seen = new Map<string, { readonly presence: WorkerPresence; readonly at: number }>();

  constructor({ fleet, local, clock = systemClock }: FleetResourceMonitorOptions) {
    this.#fleet = fleet;
    this.#local = local;
    this.#clock = clock;
  }

  async capacity(): Promise<ResourceCapacity> {
    const [here, workers] = await Promise.all([
      this.#local.capacity?.() ?? this.#local.sample(),
      this.#workers(),
    ]);
    return sum(here, workers.filter(isReady));
  }

  async sample({ abortSignal }: { readonly abortSignal?: AbortSignal } = {}): Promise<ResourceSample> {
    throwIfAborted(abortSignal);
    const [here, workers] = await Promise.all([this.#local.sample(), this.#workers()]);
    throwIfAborted(abortSignal);
    const ready = workers.filter(isReady);
    const { cpuPercent = 0, memoryPercent = 0 } = leastBusy(ready) ?? {};
    const load = { cpuPercent: Math.min(100, cpuPercent), memoryPercent: Math.min(100, memoryPercent) };
    return { ...sum(here, ready), ...load, machines: this.#machines(workers) };
  }

  /** Without Redis, nobody is heard. */
  async #workers(): Promise<readonly WorkerPresence[]> {
    const workers = await this.#fleet.workers().catch(() => []);
    const at = this.#clock.now();
    for (const presence of workers) this.#seen.set(presence.id, { presence, at });
    return workers;
  }

  #machines(workers: readonly WorkerPresence[]): readonly MachineSample[] {
    const there = new Set(workers.map(({ id }) => id));
    const machines: MachineSample[] = [];
    for (const [id, { presence, at }] of this.#seen) {
      if (there.has(id)) machines.push(this.#machine(presence, presence.state));
      else if (this.#clock.now() - at < SHOWN_MS) machines.push(this.#machine(presence, 'silent'));
      else this.#seen.delete(id);
    }
    return machines.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #machine(presence: WorkerPresence, state: MachineSample['state']): MachineSample {
    const { id, cpuPercent, memoryPercent, cpuCount, working, maxAgents, labels } = presence;
    const refuses = saidRefusals(presence, (requirement) => this.#fleet.requirementOf(requirement));
    return {
      ...{ name: id, state, cpuPercent, memoryPercent, cpuCount, maxAgents, labels },
      agents: state === 'silent' ? 0 : working,
      ...(refuses.length === 0 ? {} : { refuses }),
    };
  }
}

function isReady({ state }: WorkerPresence): boolean {
  return state === 'ready';
}

/** The one with the most room, by what it has least of. */
function leastBusy(workers: readonly WorkerPresence[]): WorkerPresence | undefined {
  const load = ({ cpuPercent, memoryPercent }: WorkerPresence) => Math.max(cpuPercent, memoryPercent);
  return [...workers].sort((a, b) => load(a) - load(b))[0];
}

function sum(here: ResourceCapacity, workers: readonly WorkerPresence[]): ResourceCapacity {
  const { cpuCount, memoryTotalBytes, memoryAvailableBytes, diskTotalBytes, diskAvailableBytes } = here;
  const local = { diskTotalBytes, diskAvailableBytes };
  if (workers.length === 0) return { cpuCount, memoryTotalBytes, memoryAvailableBytes, ...local };
  const total = (figure: keyof ResourceCapacity) => workers.reduce((all, worker) => all + worker[figure], 0);
  const disks = { diskTotalBytes: total('diskTotalBytes'), diskAvailableBytes: total('diskAvailableBytes') };
  return {
    cpuCount: total('cpuCount'),
    memoryTotalBytes: total('memoryTotalBytes'),
    memoryAvailableBytes: total('memoryAvailableBytes'),
    ...(disks.diskAvailableBytes < diskAvailableBytes ? disks : local),
  };
}

import type { JournalStore, RunEvent } from '@pwt/core';
import type { Coordinator } from '../src/index.js';
import type { World } from './world.js';

/** Everything the coordinator touches goes through this; once it is dead, nothing it calls ever happens. */
export class Mortal {
  dead = false;
  readonly died: Promise<void>;
  #die: () => void = () => undefined;

  constructor() {
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  die(): Promise<never> {
    this.dead = true;
    this.#die();
    return new Promise(() => undefined);
  }

  wrap<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (this.dead) return new Promise(() => undefined);
          const result: unknown = value.apply(object, args);
          // A dead process does not see the answer to what it asked for.
          return result instanceof Promise
            ? result.then((answer) => (this.dead ? this.die() : answer))
            : result;
        };
      },
    });
  }
}

/** Before the event is stored, or after that but before the caller knows. */
export type KillTime = 'before' | 'after';

/** Which event is the last: by its place in the log, or by what it says. */
export type KillPoint = number | ((event: RunEvent) => boolean);

/** Kills at the first event that fits. */
function killingStore(store: JournalStore, mortal: Mortal, point: KillPoint, when: KillTime): JournalStore {
  let count = 0;
  const isLast = (event: RunEvent) => (typeof point === 'number' ? count >= point : point(event));
  return {
    name: 'test',
    read: (runId) => store.read(runId),
    list: () => store.list(),
    async open(runId) {
      const journal = await store.open(runId);
      return {
        close: () => journal.close(),
        async append(event) {
          if (mortal.dead) return mortal.die();
          count += 1;
          const last = isLast(event);
          if (last && when === 'before') return mortal.die();
          await journal.append(event);
          if (last) return mortal.die();
        },
      };
    },
  };
}

/** How much of the last write the disk has when the power fails: nothing, or its first half. */
export type Torn = 'nothing' | 'half';

/**
 * Gathers what is appended and writes it together, as the store on disk does; nothing is acknowledged before it is
 * synced. At the last sync the power fails: what was to be written then is lost, or all but its beginning.
 */
function unsyncedStore(store: JournalStore, mortal: Mortal, lastSync: number, torn: Torn): JournalStore {
  let syncs = 0;
  return {
    name: 'test',
    read: (runId) => store.read(runId),
    list: () => store.list(),
    async open(runId) {
      const journal = await store.open(runId);
      let pending: { readonly event: RunEvent; readonly resolve: () => void }[] = [];
      let syncing: Promise<void> | undefined;
      const sync = async () => {
        await new Promise(setImmediate);
        while (pending.length > 0) {
          const batch = pending;
          pending = [];
          syncs += 1;
          const isLast = syncs >= lastSync;
          const kept = !isLast ? batch.length : torn === 'half' ? Math.floor(batch.length / 2) : 0;
          for (const { event } of batch.slice(0, kept)) await journal.append(event);
          if (isLast) return void mortal.die();
          for (const { resolve } of batch) resolve();
        }
        syncing = undefined;
      };
      return {
        async close() {
          await syncing;
          await journal.close();
        },
        append: (event) =>
          mortal.dead
            ? mortal.die()
            : new Promise((resolve) => {
                pending.push({ event: structuredClone(event), resolve });
                syncing ??= sync();
              }),
      };
    },
  };
}

/** Starts a run, and has the power fail at this write of its log. False if the run ended before. */
export async function failPowerAt(
  world: World,
  sync: number,
  torn: Torn,
  how: (coordinator: Coordinator) => Promise<unknown> = (coordinator) => world.start(coordinator),
): Promise<boolean> {
  const mortal = new Mortal();
  return mortally(world, mortal, unsyncedStore(world.journals, mortal, sync, torn), how);
}

/** Starts or resumes a run and kills it there. False if the run ended before. */
export async function killAt(
  world: World,
  point: KillPoint,
  when: KillTime,
  how: (coordinator: Coordinator) => Promise<unknown> = (coordinator) => world.start(coordinator),
): Promise<boolean> {
  const mortal = new Mortal();
  return mortally(world, mortal, killingStore(world.journals, mortal, point, when), how);
}

async function mortally(
  world: World,
  mortal: Mortal,
  journals: JournalStore,
  how: (coordinator: Coordinator) => Promise<unknown>,
): Promise<boolean> {
  const { provider, launcher, merger, gate, resources, observer } = world.parts;
  const run = how(
    world.coordinator({
      provider: mortal.wrap(provider),
      launcher: mortal.wrap(launcher),
      merger: mortal.wrap(merger),
      resources: mortal.wrap(resources),
      ...(observer ? { observer: mortal.wrap(observer) } : {}),
      ...(gate ? { gate: mortal.wrap(gate) } : {}),
      journals,
    }),
  );
  return Promise.race([run.then(() => false), mortal.died.then(() => true)]);
}

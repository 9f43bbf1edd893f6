import { afterEach, beforeEach } from 'vitest';
import { RedisFleet } from '../src/fleet/redis-fleet.js';
import type { Answer } from '../src/protocol/answer.js';
import type { Timings } from '../src/protocol/timings.js';
import type { ServedJob } from '../src/worker/link.js';
import { type Deferred, deferred } from './deferred.js';
import { FakeWorker, type FakeWorkerOptions, timings } from './fleet-stage.js';
import { needsRedis, RedisServer, type ServerSettings } from './redis-server.js';

export interface FleetStage {
  readonly server: RedisServer;
  fleet(options?: Partial<ConstructorParameters<typeof RedisFleet>[0]>): RedisFleet;
  worker(options?: Partial<FakeWorkerOptions>, how?: Parameters<FakeWorker['start']>[0]): Promise<FakeWorker>;
  /** Called at the end of the test, the last one first. */
  after(end: () => unknown): void;
}

/** A server for each test, and fleets and workers that end with it. */
export function useFleets(settings?: ServerSettings, times: Timings = timings): FleetStage {
  let server: RedisServer | undefined;
  const ends: (() => unknown)[] = [];
  beforeEach(async ({ skip }) => {
    needsRedis(skip);
    server = await RedisServer.start(settings);
  });
  afterEach(async () => {
    const running = server;
    server = undefined;
    try {
      for (const end of ends.splice(0).reverse()) await end();
    } finally {
      await running?.stop();
    }
  });
  const running = () => {
    if (server === undefined) throw new Error('no redis-server');
    return server;
  };
  return {
    get server() {
      return running();
    },
    fleet(options) {
      const made = new RedisFleet({ redis: running().options, queue: 'q', timings: times, ...options });
      ends.push(() => made.dispose());
      return made;
    },
    async worker(options, how) {
      const made = new FakeWorker({
        redis: running().options,
        queue: 'q',
        id: 'one',
        timings: times,
        ...options,
      });
      ends.push(() => made.stop({ now: true }));
      return made.start(how);
    },
    after: (end) => void ends.push(end),
  };
}

/** An answer that the test gives when it wants to. */
export interface Held {
  readonly taken: Deferred<ServedJob>;
  readonly answer: (job: ServedJob) => Promise<Answer<unknown>>;
  release(): void;
}

export function held(): Held {
  const taken = deferred<ServedJob>();
  const go = deferred();
  return {
    taken,
    release: () => go.resolve(),
    answer: async (job) => {
      taken.resolve(job);
      await go.promise;
      return { ok: true, value: 'done' };
    },
  };
}

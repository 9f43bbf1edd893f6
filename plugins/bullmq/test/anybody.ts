import { Queue, QueueEvents } from 'bullmq';
import { type RedisOptions as ClientOptions, Redis } from 'ioredis';
import type { RedisOptions } from '../src/options.js';
import { KEY_PREFIX, keys } from '../src/protocol/names.js';
import { defaultTimings } from '../src/protocol/timings.js';
import { clientOptions } from '../src/redis/client-options.js';

/** What anybody can do who can write to Redis. */
export class Anybody {
  readonly #connection: ClientOptions;
  readonly #redis: Redis;
  readonly #open: { close(): Promise<void> }[] = [];

  constructor(redis: RedisOptions) {
    this.#connection = clientOptions(redis, defaultTimings) as ClientOptions;
    this.#redis = new Redis(this.#connection as never);
  }

  /** @returns puts a job into a queue, and waits for its answer */
  async asks(queue: string): Promise<(name: string, data: unknown) => Promise<unknown>> {
    const how = { connection: this.#connection as never, prefix: KEY_PREFIX };
    const [jobs, events] = [new Queue(queue, how), new QueueEvents(queue, how)];
    this.#open.push(jobs, events);
    await events.waitUntilReady();
    return async (name, data) => (await jobs.add(name, data)).waitUntilFinished(events);
  }

  /** The queues of what runs need now. */
  async sharedQueues(queue: string): Promise<readonly string[]> {
    const ids = await this.#redis.smembers(keys.requirements(queue));
    return ids.map((id) => `${queue}.${id}`);
  }

  /** Says something on the channel of a worker. */
  async says(queue: string, worker: string, text: string): Promise<void> {
    await this.#redis.publish(keys.control(queue, worker), text);
  }

  async leave(): Promise<void> {
    await Promise.all(this.#open.map((one) => one.close()));
    this.#redis.disconnect();
  }
}

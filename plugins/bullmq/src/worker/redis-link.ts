import { isPwtError } from '@pwt/core';
import type { Redis } from 'ioredis';
import type { RedisOptions } from '../options.js';
import { keys, ownQueue } from '../protocol/names.js';
import { type AttemptKey, attemptName } from '../protocol/operations.js';
import { parseOwn } from '../protocol/parse-own.js';
import { presenceSchema, type WorkerPresence } from '../protocol/presence.js';
import type { Timings } from '../protocol/timings.js';
import { RedisConnections } from '../redis/connections.js';
import { connectError } from '../redis/first-connect.js';
import { keepQueue } from '../redis/keep-queue.js';
import type { Served, ServeRequest, WorkerLink } from './link.js';
import { QueueWorker } from './queue-worker.js';

export interface RedisLinkOptions {
  readonly redis: RedisOptions;
  readonly queue: string;
  /** The worker's id. */
  readonly worker: string;
  readonly timings: Timings;
  /** Told what goes wrong and is tried again; the same is told once. */
  readonly onTrouble: (text: string) => void;
}

/** A worker's connections to Redis. */
export class RedisLink implements WorkerLink {
  readonly #options: RedisLinkOptions;
  readonly #connections: RedisConnections;
  readonly #served = new Map<QueueWorker, string>();
  #subscriber: Redis | undefined;
  #lastTrouble = '';

  /** Connects at once, and does not wait for it. */
  constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#connections = new RedisConnections(options.redis, options.timings, this.#trouble);
    this.#connections.onReady(() => {
      this.#lastTrouble = '';
    });
  }

  async announce(presence: WorkerPresence): Promise<void> {
    const { queue, worker, timings } = this.#options;
    const adding = this.#connections.commands
      .multi()
      .sadd(keys.workers(queue), worker)
      .set(keys.worker(queue, worker), JSON.stringify(presence), 'PX', 3 * timings.presenceMs);
    for (const name of new Set([ownQueue(queue, worker), ...this.#served.values()])) keepQueue(adding, name);
    await this.#done(adding.exec());
  }

  async presenceOf(worker: string): Promise<WorkerPresence | undefined> {
    const text = await this.#done(this.#connections.commands.get(keys.worker(this.#options.queue, worker)));
    return parseOwn(text, presenceSchema);
  }

  async leave(worker: string): Promise<void> {
    const { queue } = this.#options;
    await this.#done(
      this.#connections.commands
        .multi()
        .del(keys.worker(queue, worker))
        .srem(keys.workers(queue), worker)
        .exec(),
    );
  }

  async requirements(): Promise<ReadonlyMap<string, unknown>> {
    const { commands } = this.#connections;
    const set = keys.requirements(this.#options.queue);
    const ids = await this.#done(commands.smembers(set));
    if (ids.length === 0) return new Map();
    const texts = await this.#done(commands.mget(ids.map((id) => keys.requirement(this.#options.queue, id))));
    const gone = ids.filter((_, index) => typeof texts[index] !== 'string');
    // One that is announced at this very moment is added again at its next beat.
    if (gone.length > 0) await this.#done(commands.srem(set, ...gone));
    return new Map(
      ids.flatMap((id, index) => {
        const value = parseOwn(texts[index]);
        return value === undefined ? [] : [[id, value] as const];
      }),
    );
  }

  async stopped(attempts: readonly AttemptKey[]): Promise<readonly AttemptKey[]> {
    if (attempts.length === 0) return [];
    const names = attempts.map((attempt) => keys.stopped(this.#options.queue, attemptName(attempt)));
    const flags = await this.#done(this.#connections.commands.mget(names));
    return attempts.filter((_, index) => typeof flags[index] === 'string');
  }

  async listen(listener: Parameters<WorkerLink['listen']>[0]): Promise<void> {
    const { queue, worker, timings } = this.#options;
    const news = keys.news(queue);
    const control = keys.control(queue, worker);
    const subscriber = this.#connections.subscriber();
    this.#subscriber = subscriber;
    subscriber.on('message', (channel: string, text: string) => {
      if (channel === news) listener.news();
      else listener.control(parseOwn(text));
    });
    this.#connections.onLost(() => listener.connection('lost'));
    await this.#done(subscriber.subscribe(news, control));
    // What was said before is looked at by the worker itself, at its start and at each `back`.
    subscriber.on('ready', () => listener.connection('back'));
    this.#connections.beat(timings.presenceMs, () => void subscriber.ping().catch(this.#trouble));
  }

  serve(request: ServeRequest): Served {
    const { worker } = this.#options;
    const served = new QueueWorker(this.#connections, { ...request, worker, onTrouble: this.#trouble });
    this.#served.set(served, request.queue);
    return {
      setConcurrency: (concurrency) => served.setConcurrency(concurrency),
      close: (how) => {
        this.#served.delete(served);
        return served.close(how);
      },
    };
  }

  async dispose(): Promise<void> {
    await Promise.allSettled([...this.#served.keys()].map((served) => served.close({ now: true })));
    this.#served.clear();
    this.#subscriber?.disconnect();
    this.#connections.close();
  }

  async #done<T>(command: Promise<T>): Promise<T> {
    try {
      return await command;
    } catch (error) {
      throw connectError(this.#options.redis, error);
    }
  }

  readonly #trouble = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    if (this.#connections.isClosed || text === this.#lastTrouble) return;
    this.#lastTrouble = text;
    this.#options.onTrouble(isPwtError(error) ? text : `Redis: ${text}`);
  };
}

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { defined, PwtError } from '@pwt/core';
import type { RedisOptions } from '../options.js';
import { answered, readAnswer } from '../protocol/answer.js';
import { keys, ownQueue, requirementId, sharedQueue } from '../protocol/names.js';
import {
  type AttemptKey,
  attemptName,
  type ControlMessage,
  type OperationName,
  type Operations,
  type PlacementName,
  type Placements,
} from '../protocol/operations.js';
import type { WorkerPresence } from '../protocol/presence.js';
import type { Requirement } from '../protocol/requirement.js';
import type { Timings } from '../protocol/timings.js';
import { RedisConnections } from '../redis/connections.js';
import { examineRedis } from '../redis/durability.js';
import { connectError } from '../redis/first-connect.js';
import { Announcements } from './announcements.js';
import { type AskedJob, AskedQueue } from './asked-queue.js';
import type { CallOptions, Fleet } from './fleet.js';
import { Presences } from './presences.js';
import { refusedByAll } from './refusals.js';

/** A worker that has missed that an attempt is to be stopped sees it within this time, in milliseconds. */
const STOPPED_MS = 24 * 3600 * 1000;

export interface RedisFleetOptions {
  readonly redis: RedisOptions;
  readonly queue: string;
  readonly timings: Timings;
  /** Told what goes wrong with Redis and is tried again; the same is told once. */
  readonly onTrouble?: (text: string) => void;
}

/** Somebody waits for a job that is a worker's, or that any worker may take. */
interface Waiting {
  readonly queue: AskedQueue;
  readonly id: string;
  /** Why it is not waited for any more, if so. */
  readonly verdict: () => PwtError | undefined;
}

/** All workers of a queue, over BullMQ. Connects when it is first used. */
export class RedisFleet implements Fleet {
  readonly #options: RedisFleetOptions;
  readonly #queues = new Map<string, AskedQueue>();
  readonly #waiting = new Set<Waiting>();
  readonly #stopped = new Set<string>();
  #link: Link | undefined;
  #beating: Promise<void> | undefined;
  #isDisposed = false;
  #lastTrouble = '';

  constructor(options: RedisFleetOptions) {
    this.#options = options;
  }

  async check(): Promise<void> {
    await examineRedis(this.#options.redis, this.#options.queue);
  }

  async workers(): Promise<readonly WorkerPresence[]> {
    const { redis, presences } = this.#connected();
    await redis.orLost(presences.read());
    return presences.there;
  }

  async announce(requirement: Requirement): Promise<string> {
    const { redis, announcements } = this.#connected();
    await this.#done(redis.orLost(announcements.add(requirement)));
    return requirementId(requirement);
  }

  requirementOf(id: string): Requirement | undefined {
    return this.#link?.announcements.of(id);
  }

  lastKnown(worker: string): WorkerPresence | undefined {
    return this.#link?.presences.lastKnown(worker);
  }

  async place<P extends PlacementName>(
    placement: P,
    requirement: Requirement,
    request: Placements[P]['request'],
    { job: id = randomUUID(), abortSignal }: Pick<CallOptions, 'job' | 'abortSignal'> = {},
  ): Promise<Placements[P]['answer']> {
    const { announcements, presences } = this.#connected();
    const queue = this.#queue(sharedQueue(this.#options.queue, requirement));
    const job = { id, name: placement, data: request, isKept: true } as const;
    announcements.add(requirement).catch(this.#trouble);
    const graceMs = 2 * Math.max(this.#options.timings.presenceMs, this.#options.timings.pollMs);
    const verdict = refusedByAll(
      requirement,
      () => presences.there,
      graceMs,
      () => performance.now(),
      { gone: (id) => presences.goneThatServed(id), onWaiting: this.#tell },
    );
    return this.#wait(queue, job, verdict, abortSignal);
  }

  async call<O extends OperationName>(
    worker: string,
    operation: O,
    request: Operations[O]['request'],
    { job = randomUUID(), abortSignal, onProgress }: CallOptions = {},
  ): Promise<Operations[O]['answer']> {
    const { presences } = this.#connected();
    presences.watch(worker);
    const queue = this.#queue(ownQueue(this.#options.queue, worker));
    const verdict = () => (presences.isLost(worker) ? lost(worker, this.#options.timings) : undefined);
    const asked = { id: job, name: operation, data: request, ...defined({ onProgress }) };
    return this.#wait(queue, asked, verdict, abortSignal);
  }

  async control(worker: string, message: ControlMessage): Promise<void> {
    const { redis } = this.#connected();
    const channel = keys.control(this.#options.queue, worker);
    await this.#done(redis.orLost(redis.commands.publish(channel, JSON.stringify(message))));
  }

  async markStopped(attempt: AttemptKey): Promise<void> {
    const { redis } = this.#connected();
    this.#stopped.add(attemptName(attempt));
    await this.#done(redis.orLost(this.#sayStopped()));
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    const reason = new DOMException('The fleet of workers is not used any more.', 'AbortError');
    for (const queue of this.#queues.values()) queue.close(reason);
    this.#link?.redis.close();
    // What is under way is not waited for: without Redis, it never ends.
  }

  #connected(): Link {
    if (this.#isDisposed) throw new DOMException('The fleet of workers is not used any more.', 'AbortError');
    this.#link ??= this.#connect();
    return this.#link;
  }

  #connect(): Link {
    const { redis: options, queue, timings } = this.#options;
    const redis = new RedisConnections(options, timings, this.#trouble);
    const link: Link = {
      redis,
      presences: new Presences(redis, queue),
      announcements: new Announcements(redis, queue),
    };
    redis.beat(timings.pollMs, () => void this.#beat(link));
    redis.onReady(() => {
      this.#lastTrouble = '';
      Promise.all([link.announcements.sayAgain(), this.#sayStopped()])
        .then(() => this.#beat(link))
        .catch(this.#trouble);
    });
    return link;
  }

  /** Says again what Redis may have forgotten, and looks at everything that is waited for. */
  #beat(link: Link): Promise<void> {
    this.#beating ??= this.#look(link)
      .catch(this.#trouble)
      .finally(() => {
        this.#beating = undefined;
      });
    return this.#beating;
  }

  async #look({ redis, presences, announcements }: Link): Promise<void> {
    if (!redis.isReady) return;
    await Promise.all([presences.read(), announcements.sayAll()]);
    await Promise.all([...this.#queues.values()].map((queue) => queue.look()));
    for (const { queue, id, verdict } of [...this.#waiting]) {
      const error = verdict();
      if (error === undefined) continue;
      // A worker that has taken the job does it, whatever others refuse; but what a lost one has taken is not waited for.
      if (error.code === 'PWT_WORKER_LOST') await queue.withdraw(id, error);
      else await queue.withdrawUntaken(id, error);
    }
  }

  async #wait<T>(
    queue: AskedQueue,
    job: AskedJob,
    verdict: Waiting['verdict'],
    abortSignal: AbortSignal | undefined,
  ): Promise<T> {
    abortSignal?.throwIfAborted();
    const waiting: Waiting = { queue, id: job.id, verdict };
    const abort = () => void this.#abort(waiting, abortSignal?.reason).catch(this.#trouble);
    // All tasks of a run wait with one signal: to Node, many listeners are a leak, unless it is told.
    if (abortSignal !== undefined) setMaxListeners(0, abortSignal);
    abortSignal?.addEventListener('abort', abort, { once: true });
    this.#waiting.add(waiting);
    try {
      return answered(readAnswer<T>(await this.#done(queue.ask(job)), job.name));
    } finally {
      this.#waiting.delete(waiting);
      abortSignal?.removeEventListener('abort', abort);
    }
  }

  /** Whoever waits is told at once; the worker that has taken the job, as soon as Redis can be reached. */
  async #abort({ queue, id }: Waiting, reason: unknown): Promise<void> {
    if ((await queue.withdraw(id, reason)) !== false) return;
    const worker = await queue.takenBy(id);
    if (worker !== undefined) await this.control(worker, { v: 1, kind: 'abort', job: id });
  }

  #queue(name: string): AskedQueue {
    const before = this.#queues.get(name);
    if (before !== undefined) return before;
    const queue = new AskedQueue(this.#connected().redis, name, this.#trouble);
    this.#queues.set(name, queue);
    return queue;
  }

  async #sayStopped(): Promise<void> {
    if (this.#stopped.size === 0) return;
    const saying = this.#connected().redis.commands.multi();
    for (const attempt of this.#stopped)
      saying.set(keys.stopped(this.#options.queue, attempt), '1', 'PX', STOPPED_MS);
    await saying.exec();
  }

  async #done<T>(act: Promise<T>): Promise<T> {
    try {
      return await act;
    } catch (error) {
      throw isRedisError(error) ? connectError(this.#options.redis, error) : error;
    }
  }

  readonly #trouble = (error: unknown): void => {
    this.#tell(`Redis: ${error instanceof Error ? error.message : String(error)}`);
  };

  readonly #tell = (text: string): void => {
    if (this.#isDisposed || text === this.#lastTrouble) return;
    this.#lastTrouble = text;
    this.#options.onTrouble?.(text);
  };
}

interface Link {
  readonly redis: RedisConnections;
  readonly presences: Presences;
  readonly announcements: Announcements;
}

function isRedisError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

function lost(worker: string, { lostAfterMs }: Timings): PwtError {
  return new PwtError(
    'PWT_WORKER_LOST',
    `The worker ${worker} has said nothing for ${Math.round(lostAfterMs / 1000)} s.`,
    { hint: "Look at the worker's machine.", data: { worker } },
  );
}

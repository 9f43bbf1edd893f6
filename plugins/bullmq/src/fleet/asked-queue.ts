import { PwtError } from '@pwt/core';
import { Queue, QueueEvents, type QueueOptions } from 'bullmq';
import { KEY_PREFIX } from '../protocol/names.js';
import {
  keptAnswers,
  keptJobs,
  MAX_EVENTS,
  MAX_STALLED,
  stalledIntervalMs,
  TAKEN_EXPIRES_MS,
} from '../protocol/queues.js';
import { blockingMs } from '../redis/client-options.js';
import type { RedisConnections } from '../redis/connections.js';
import { keepQueue } from '../redis/keep-queue.js';
import { forgetEarlier } from './forget-earlier.js';

export interface AskedJob {
  readonly id: string;
  readonly name: string;
  readonly data: object;
  readonly onProgress?: ((progress: never) => void) | undefined;
  /** The answer stays in the queue for a while: whoever asks again after a crash gets the same. */
  readonly isKept?: true;
}

/** What BullMQ says of a job: see its script `isFinished`. */
const MISSING = -1;
const COMPLETED = 1;
const FAILED = 2;

/** A job that somebody waits for. */
interface Asked {
  readonly job: AskedJob;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** `adding`: nobody looks at it yet. `unadded`: Redis has not taken it, and the next beat tries again. */
  state: 'adding' | 'unadded' | 'added';
}

/**
 * A queue in which a coordinator has jobs. BullMQ's events say when to look at a job, and so does each beat; what the job says is the truth.
 * A job that Redis has forgotten is added again under its id.
 */
export class AskedQueue {
  readonly name: string;
  readonly #redis: RedisConnections;
  readonly #onTrouble: (error: unknown) => void;
  readonly #queue: Queue;
  readonly #asked = new Map<string, Asked>();
  /** Jobs that nobody waits for any more, and that a worker has taken: they go when it is done with them, or dead. */
  readonly #unwanted = new Set<string>();
  #events: Promise<QueueEvents> | undefined;

  constructor(redis: RedisConnections, name: string, onTrouble: (error: unknown) => void) {
    this.name = name;
    this.#redis = redis;
    this.#onTrouble = onTrouble;
    // The last two are what BullMQ's look for stalled jobs reads, which workers have as options, and queues have not.
    const options: QueueOptions & { maxStalledCount: number; stalledInterval: number } = {
      connection: redis.commands,
      prefix: KEY_PREFIX,
      skipVersionCheck: true,
      streams: { events: { maxLen: MAX_EVENTS } },
      defaultJobOptions: { removeOnComplete: keptJobs, removeOnFail: keptJobs },
      maxStalledCount: MAX_STALLED,
      stalledInterval: stalledIntervalMs(redis.timings),
    };
    this.#queue = new Queue(name, options);
    this.#queue.on('error', onTrouble);
  }

  get size(): number {
    return this.#asked.size;
  }

  /**
   * Has the job done, and waits for its answer, however long that takes. Whoever waits for the same job already gets it, too.
   */
  ask(job: AskedJob): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked = beside(this.#asked.get(job.id), { job, resolve, reject, state: 'adding' });
      this.#asked.set(job.id, asked);
      this.#unwanted.delete(job.id);
      void this.#begin(asked);
    });
  }

  /** Does not wait for it any more. Whether the job is gone: not if a worker has taken it, and `undefined` if it was not asked for. */
  async withdraw(id: string, reason: unknown): Promise<boolean | undefined> {
    const asked = this.#asked.get(id);
    if (asked === undefined) return undefined;
    this.#end(asked, () => asked.reject(reason));
    return this.#remove(id);
  }

  /** The same, if no worker has taken the job; otherwise it is waited for as before. */
  async withdrawUntaken(id: string, reason: unknown): Promise<void> {
    const asked = this.#asked.get(id);
    if (asked?.state !== 'added') return;
    asked.state = 'adding';
    try {
      if (await this.#remove(id)) this.#end(asked, () => asked.reject(reason));
      else this.#unwanted.delete(id);
    } finally {
      asked.state = 'added';
    }
  }

  /** The worker that has taken the job. */
  async takenBy(id: string): Promise<string | undefined> {
    return (await this.#queue.getJob(id))?.processedBy;
  }

  /** Looks at every job that is waited for, and puts those back whose worker has died. */
  async look(): Promise<void> {
    if (this.#asked.size === 0 && this.#unwanted.size === 0) return;
    await this.#queue.getBackend().moveStalledJobsToWait();
    const keeping = this.#redis.commands.multi();
    keepQueue(keeping, this.name);
    await keeping.exec();
    await Promise.all([...this.#unwanted].map((id) => this.#remove(id)));
    await Promise.all(
      [...this.#asked.values()].map((asked) =>
        asked.state === 'unadded' ? this.#begin(asked) : this.#lookAt(asked),
      ),
    );
  }

  /** Whoever waits is refused with `reason`. */
  close(reason: unknown): void {
    for (const asked of [...this.#asked.values()]) this.#end(asked, () => asked.reject(reason));
    // Their connections end with all others: to wait for them is to wait for Redis.
    this.#events?.then((events) => events.close()).catch(() => undefined);
    this.#queue.close().catch(() => undefined);
  }

  /** Never fails: whoever waits is told what can't be put right by waiting. */
  async #begin(asked: Asked): Promise<void> {
    asked.state = 'adding';
    try {
      this.#events ??= this.#listen();
      await this.#events;
      await this.#add(asked);
      await this.#lookAt(asked);
    } catch (error) {
      // Redis is full or just starting, or does not know the password any more: that passes, and the work goes on meanwhile.
      if (asked.state === 'adding') asked.state = 'unadded';
      if (this.#redis.wasReady && isOfRedis(error)) this.#onTrouble(error);
      else this.#end(asked, () => asked.reject(error));
    }
  }

  /** Listens from here on: nothing of a job that is added after this is missed. */
  async #listen(): Promise<QueueEvents> {
    const since = await this.#lastEvent();
    const events = new QueueEvents(this.name, {
      connection: this.#redis.commands,
      prefix: KEY_PREFIX,
      skipVersionCheck: true,
      lastEventId: since,
      blockingTimeout: blockingMs(this.#redis.timings),
    });
    events.on('error', this.#onTrouble);
    const look = ({ jobId }: { readonly jobId: string }) => {
      const asked = this.#asked.get(jobId);
      if (asked !== undefined) this.#lookAt(asked).catch(this.#onTrouble);
    };
    events.on('completed', look);
    events.on('failed', look);
    events.on('progress', ({ jobId, data }) => this.#asked.get(jobId)?.job.onProgress?.(data as never));
    return events;
  }

  async #lastEvent(): Promise<string> {
    try {
      const [last] = await this.#redis.commands.xrevrange(
        this.#queue.keys.events ?? '',
        '+',
        '-',
        'COUNT',
        1,
      );
      return last?.[0] ?? '0-0';
    } catch (error) {
      this.#events = undefined;
      throw error;
    }
  }

  async #add(asked: Asked): Promise<void> {
    const { id, name, data, isKept } = asked.job;
    if (!this.#isAsked(asked)) return;
    await this.#queue.add(name, data, { jobId: id, ...(isKept && { removeOnComplete: keptAnswers }) });
    asked.state = 'added';
    // Nobody waits for it any more: it was withdrawn while Redis could not be reached.
    if (!this.#isAsked(asked)) await this.#remove(id);
  }

  async #lookAt(asked: Asked): Promise<void> {
    const { id, name, isKept } = asked.job;
    if (asked.state !== 'added' || !this.#isAsked(asked)) return;
    const finished = await this.#queue.getBackend().isFinished(id, true);
    const [state, text] = Array.isArray(finished) ? finished : [finished, ''];
    if (asked.state !== 'added' || !this.#isAsked(asked)) return;
    if (state === MISSING) return this.#add(asked);
    if (state !== COMPLETED && state !== FAILED) return;
    if (state === COMPLETED && !text) return this.#forgetEarlier(id);
    this.#end(asked, () => {
      if (state === COMPLETED) asked.resolve(JSON.parse(text));
      else asked.reject(failed(this.name, name, text));
    });
    if (isKept !== true || state === FAILED) await this.#remove(id);
    else await this.#redis.commands.pexpire(this.#queue.toKey(id), TAKEN_EXPIRES_MS);
  }

  /** An answer that was kept has expired, and BullMQ still lists it: it would take the job for done that was asked for again. */
  async #forgetEarlier(id: string): Promise<void> {
    const keys = { completed: this.#queue.toKey('completed'), job: this.#queue.toKey(id) };
    await forgetEarlier(this.#redis.commands, keys, id);
  }

  /** Takes the job out of the queue, unless a worker has taken it: then later. */
  async #remove(id: string): Promise<boolean> {
    this.#unwanted.add(id);
    const isGone = (await this.#queue.remove(id)) === 1;
    if (isGone) this.#unwanted.delete(id);
    return isGone;
  }

  #isAsked(asked: Asked): boolean {
    return this.#asked.get(asked.job.id) === asked;
  }

  #end(asked: Asked, settle: () => void): void {
    if (this.#isAsked(asked)) this.#asked.delete(asked.job.id);
    settle();
  }
}

/** What Redis answers with, or what ioredis says of a command that was under way when the connection was lost. */
function isOfRedis(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ['ReplyError', 'AbortError'].includes(error.name) || error.message === 'Connection is closed.';
}

function failed(queue: string, name: string, reason: string): PwtError {
  return new PwtError(
    'PWT_WORKER_JOB_FAILED',
    `A job (${name}) in the queue ${queue} has failed: ${reason}`,
    {
      hint: "Look at the worker's own output.",
    },
  );
}

/** Both get the same answer, and hear the same meanwhile. */
function beside(earlier: Asked | undefined, asked: Asked): Asked {
  if (earlier === undefined) return asked;
  return {
    ...asked,
    job: {
      ...asked.job,
      onProgress: (progress) => {
        earlier.job.onProgress?.(progress);
        asked.job.onProgress?.(progress);
      },
    },
    resolve: (value) => {
      earlier.resolve(value);
      asked.resolve(value);
    },
    reject: (reason) => {
      earlier.reject(reason);
      asked.reject(reason);
    },
  };
}

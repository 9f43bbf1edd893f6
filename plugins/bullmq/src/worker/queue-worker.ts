import { ErrorCode, type Job, WaitingError, Worker } from 'bullmq';
import { KEY_PREFIX } from '../protocol/names.js';
import { ANSWER_EXPIRES_MS, keptJobs, MAX_STALLED, stalledIntervalMs } from '../protocol/queues.js';
import { blockingMs } from '../redis/client-options.js';
import type { RedisConnections } from '../redis/connections.js';
import type { Served, ServedJob, ServeRequest } from './link.js';

export interface QueueWorkerOptions extends ServeRequest {
  /** The worker's id: it is noted in each job that is taken. */
  readonly worker: string;
  readonly onTrouble: (text: string) => void;
}

/** BullMQ has given the job to somebody else, or Redis has lost it. */
const TAKEN_AWAY: readonly unknown[] = [
  ErrorCode.JobNotExist,
  ErrorCode.JobLockNotExist,
  ErrorCode.JobNotInState,
  ErrorCode.JobLockMismatch,
];

/** A job that is worked on. It may come more than once: then all of its deliveries get the same answer, and only the last one counts. */
interface UnderWay {
  readonly served: ServedJob;
  readonly answer: Promise<unknown>;
  /** Of which it is not known yet whether the answer was taken. */
  open: number;
  isTaken: boolean;
}

/** Takes jobs of one queue, by a BullMQ worker. */
export class QueueWorker implements Served {
  readonly #redis: RedisConnections;
  readonly #options: QueueWorkerOptions;
  readonly #bull: Worker<unknown, unknown>;
  readonly #underWay = new Map<string, UnderWay>();
  /** Answers that are on their way to Redis. */
  readonly #deliveries = new Set<Promise<unknown>>();
  #concurrency: number;
  #turn: Promise<void> = Promise.resolve();

  /** Takes jobs at once. */
  constructor(redis: RedisConnections, options: QueueWorkerOptions) {
    const { timings } = redis;
    this.#redis = redis;
    this.#options = options;
    this.#concurrency = Math.max(0, Math.trunc(options.concurrency));
    this.#bull = new Worker(options.queue, (job, token) => this.#take(job, token), {
      connection: redis.commands,
      prefix: KEY_PREFIX,
      name: options.worker,
      autorun: false,
      concurrency: Math.max(1, this.#concurrency),
      lockDuration: timings.lockMs,
      stalledInterval: stalledIntervalMs(timings),
      maxStalledCount: MAX_STALLED,
      drainDelay: blockingMs(timings) / 1000,
      runRetryDelay: 1000,
      removeOnComplete: keptJobs,
      removeOnFail: keptJobs,
      // Its warnings would go to the console; `examineRedis()` says the same.
      skipVersionCheck: true,
    });
    this.#bull.on('error', this.#trouble);
    if (this.#concurrency > 0) this.#run();
  }

  setConcurrency(wanted: number): void {
    const next = Math.max(0, Math.trunc(wanted));
    const previous = this.#concurrency;
    if (next === previous) return;
    this.#concurrency = next;
    if (next > 0) this.#bull.concurrency = next;
    // BullMQ looks for more only when a job ends, or when it goes on after a pause.
    if (next === 0 || next > previous) this.#turn = this.#turn.then(() => this.#apply()).catch(this.#trouble);
  }

  async close({ now = false }: { readonly now?: boolean } = {}): Promise<void> {
    this.#concurrency = 0;
    await this.#turn;
    await this.#bull.pause(true);
    if (!now) await this.#allAnswered();
    // Forced, since BullMQ would wait for a connection that may never come, and keep its timers until then.
    await this.#redis.orLost(this.#bull.close(true).catch(this.#trouble));
  }

  async #apply(): Promise<void> {
    if (this.#concurrency === 0) return this.#bull.pause(true);
    if (!this.#bull.isPaused()) await this.#bull.pause(true);
    await this.#bull.resume();
    this.#run();
  }

  #run(): void {
    if (!this.#bull.isRunning()) this.#bull.run().catch(this.#trouble);
  }

  /** Waits for what is worked on, and for its answers to be in Redis, unless that can't be reached. */
  async #allAnswered(): Promise<void> {
    while (this.#underWay.size > 0)
      await Promise.allSettled([...this.#underWay.values()].map(({ answer }) => answer));
    await this.#redis.orLost(Promise.allSettled(this.#deliveries));
  }

  async #take(job: Job<unknown, unknown>, token = ''): Promise<unknown> {
    const id = job.id ?? '';
    const before = this.#underWay.get(id);
    if (before === undefined && this.#concurrency === 0) {
      // It was on its way when the queue was paused: others may take it.
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const underWay = before ?? this.#start(job, id);
    underWay.open += 1;
    this.#watchDelivery(job, underWay);
    try {
      return await underWay.answer;
    } finally {
      if (this.#underWay.get(id) === underWay) this.#underWay.delete(id);
    }
  }

  /** BullMQ tells nobody which delivery of a job was refused. */
  #watchDelivery(job: Job<unknown, unknown>, underWay: UnderWay): void {
    const moveToCompleted = job.moveToCompleted.bind(job);
    job.moveToCompleted = async (answer, ...further) => {
      const delivery = moveToCompleted(answer, ...further);
      this.#deliveries.add(delivery);
      try {
        const next = await delivery;
        underWay.isTaken = true;
        underWay.open -= 1;
        this.#redis.commands
          .pexpire(this.#bull.toKey(underWay.served.id), ANSWER_EXPIRES_MS)
          .catch(this.#trouble);
        return next;
      } catch (error) {
        if (isTakenAway(error)) {
          underWay.open -= 1;
          if (underWay.open === 0 && !underWay.isTaken) this.#options.refused(underWay.served, answer);
        }
        throw error;
      } finally {
        this.#deliveries.delete(delivery);
      }
    };
  }

  #start(job: Job<unknown, unknown>, id: string): UnderWay {
    const served: ServedJob = {
      id,
      name: job.name,
      data: job.data,
      progress: (progress) => job.updateProgress(progress).catch(untold),
    };
    const underWay = { served, answer: this.#options.process(served), open: 0, isTaken: false };
    this.#underWay.set(id, underWay);
    return underWay;
  }

  readonly #trouble = (error: unknown): void => {
    if (this.#redis.isClosed || isTakenAway(error)) return;
    this.#options.onTrouble(error instanceof Error ? error.message : String(error));
  };
}

/** @throws what a person can read of it */
function untold(error: unknown): never {
  throw isTakenAway(error)
    ? new Error('Redis does not have its job any more: its run will ask again')
    : error;
}

function isTakenAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    ('code' in error && TAKEN_AWAY.includes(error.code)) || error.message.startsWith('could not renew lock')
  );
}

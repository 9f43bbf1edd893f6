import { isPwtError, PwtError } from '@pwt/core';
import { type Answer, answerOf } from '../protocol/answer.js';
import type { Placed, PlaceRequest } from '../protocol/operations.js';
import type { Handlers, JobTools, PlacementHandlers, WorkerContext } from './context.js';
import { saidIfFull } from './disk-full.js';
import type { ServedJob } from './link.js';
import { type SoundJob, validateJob } from './validate.js';

export interface JobDeskOptions {
  readonly context: WorkerContext;
  readonly handlers: Handlers;
  readonly placing: PlacementHandlers & {
    withdraw(request: PlaceRequest, placed: Placed): Promise<void>;
  };
  /** Told which job was refused, and why: it is not sound, or not allowed. */
  readonly onRefused: (what: string) => void;
  /** Called after each job. */
  readonly onIdle: () => void;
  /** Why the worker can't do anything any more, if so: asked when a job has failed. */
  readonly lost: () => Promise<PwtError | undefined>;
}

/** How many placements are remembered, so that only the last answer to a job is withdrawn. */
const REMEMBERED = 1000;

/** Looks each job through, has it done, and writes the answer. */
export class JobDesk {
  readonly #options: JobDeskOptions;
  readonly #underWay = new Map<ServedJob, AbortController>();
  /** A job may be given to this very worker again while it still works on it. */
  readonly #latest = new Map<string, ServedJob>();

  constructor(options: JobDeskOptions) {
    this.#options = options;
  }

  /** How many jobs are worked on now. */
  get busy(): number {
    return this.#underWay.size;
  }

  async process(job: ServedJob): Promise<Answer<unknown>> {
    const abort = new AbortController();
    this.#underWay.set(job, abort);
    try {
      return await answerOf(() => this.#answer(job, abort.signal));
    } catch (error) {
      this.#options.context.log.error(`${job.name} failed: ${String(error)}`);
      throw error;
    } finally {
      this.#underWay.delete(job);
      this.#options.onIdle();
    }
  }

  /** The answer of a job was not taken. A workspace that was made for it is not needed. */
  async refused(job: ServedJob, answer: unknown): Promise<void> {
    const { context, placing } = this.#options;
    if (job.name !== 'place' || this.#latest.get(job.id) !== job) return;
    const { ok, value } = answer as Answer<Placed> & { value?: Placed };
    if (!ok || value === undefined) return;
    try {
      await placing.withdraw(job.data as PlaceRequest, value);
    } catch (error) {
      context.log.warn(`A workspace that is not needed stays: ${String(error)}`);
    }
  }

  /** The coordinator does not want the answer of this job any more. */
  abort(id: string): void {
    for (const [job, controller] of this.#underWay) {
      if (job.id === id) controller.abort(new PwtError('PWT_ABORTED', 'The coordinator has withdrawn it.'));
    }
  }

  /** The worker ends. */
  abortAll(): void {
    for (const controller of this.#underWay.values())
      controller.abort(new PwtError('PWT_WORKER_LOST', 'Its operator has stopped the worker.'));
  }

  async #answer(job: ServedJob, abortSignal: AbortSignal): Promise<unknown> {
    const { context } = this.#options;
    try {
      const { allowed, repositories } = context;
      const repository = (name: string) => repositories.all.find((one) => one.name === name);
      const sound = await validateJob(job, { allowed, repository });
      if (job.name === 'place') this.#remember(job);
      const tools = { job: job.id, abortSignal, progress: job.progress };
      return await saidIfFull(context.id, () => this.#perform(sound, tools));
    } catch (error) {
      if (isPwtError(abortSignal.reason) && abortSignal.reason.code === 'PWT_WORKER_LOST')
        return left(job, abortSignal.reason);
      const lost = await this.#options.lost();
      if (lost !== undefined) return left(job, lost);
      if (isPwtError(error)) this.#tell(job, error);
      throw error;
    }
  }

  async #perform({ name, request }: SoundJob, tools: JobTools): Promise<unknown> {
    const { handlers, placing } = this.#options;
    if (name === 'place') return placing.place(request as Parameters<typeof placing.place>[0], tools);
    if (name === 'scratch') return placing.scratch(request as Parameters<typeof placing.scratch>[0], tools);
    // Both are of the same operation: `validateJob` has read the request by the schema of that name.
    const handler = handlers[name] as (request: unknown, tools: JobTools) => Promise<unknown>;
    return handler(request, tools);
  }

  #remember(job: ServedJob): void {
    this.#latest.delete(job.id);
    this.#latest.set(job.id, job);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > REMEMBERED && oldest !== undefined) this.#latest.delete(oldest);
  }

  #tell(job: ServedJob, error: PwtError): void {
    const { log } = this.#options.context;
    const { code, message, data } = error;
    const isRefused = code === 'PWT_JOB_INVALID' || code === 'PWT_JOB_NOT_ALLOWED';
    if (isRefused) {
      log.warn(`refused: ${message}`);
      this.#options.onRefused(`the job ${data?.job}: ${data?.reason}`);
    } else if (code !== 'PWT_ABORTED') log.warn(`${job.name}: ${message}`);
  }
}

/** The worker has ended in the middle. What any worker can do is left without an answer, so that the queue gives it to another one. */
function left(job: ServedJob, reason: PwtError): Promise<never> {
  if (job.name === 'place' || job.name === 'scratch') return new Promise(() => undefined);
  throw reason;
}

import type { Workspace } from '@pwt/core';
import type { RedisOptions } from '../src/options.js';
import type { Answer } from '../src/protocol/answer.js';
import { ownQueue, requirementId, sharedQueue } from '../src/protocol/names.js';
import type { Operations } from '../src/protocol/operations.js';
import type { WorkerPresence } from '../src/protocol/presence.js';
import type { Requirement } from '../src/protocol/requirement.js';
import type { Timings } from '../src/protocol/timings.js';
import type { Served, ServedJob } from '../src/worker/link.js';
import { RedisLink } from '../src/worker/redis-link.js';

export const timings: Timings = {
  presenceMs: 100,
  lostAfterMs: 1000,
  lockMs: 400,
  pollMs: 100,
  snapshotMs: 1000,
  progressMs: 50,
};

export const requirement: Requirement = { repository: 'r', kind: 'task', runsOn: {}, agents: ['claude'] };

const commit = 'a'.repeat(40);
const workspace: Workspace = {
  id: 'w1',
  provider: 'bullmq',
  kind: 'task',
  runId: 'run',
  taskId: '001',
  path: '/w',
  base: commit,
} as Workspace;
export const snapshot: Operations['snapshot']['request'] = {
  v: 1,
  repository: 'r',
  workspace,
  reason: 'test',
};
export const place = {
  v: 1,
  repository: 'r',
  runId: 'run',
  taskId: '001',
  title: 'one',
  base: commit,
} as const;

export interface FakeWorkerOptions {
  readonly redis: RedisOptions;
  readonly queue: string;
  readonly id: string;
  readonly answer?: (job: ServedJob) => Promise<Answer<unknown>>;
  readonly refuses?: string;
  readonly timings?: Timings;
}

/** A worker that does no work: it is there, and answers. */
export class FakeWorker {
  readonly taken: ServedJob[] = [];
  readonly refused: string[] = [];
  readonly trouble: string[] = [];
  readonly said: unknown[] = [];
  readonly link: RedisLink;
  readonly #options: FakeWorkerOptions;
  readonly #served: Served[] = [];
  #timer: NodeJS.Timeout | undefined;
  #listens = false;

  constructor(options: FakeWorkerOptions) {
    this.#options = options;
    const { redis, queue, id } = options;
    this.link = new RedisLink({
      redis,
      queue,
      worker: id,
      timings: options.timings ?? timings,
      onTrouble: (text) => this.trouble.push(text),
    });
  }

  async start({ listens = true }: { readonly listens?: boolean } = {}): Promise<this> {
    const { queue, id } = this.#options;
    this.#listens = listens;
    const say = () =>
      this.link.announce(this.#presence()).catch((error: unknown) => this.trouble.push(`announce: ${error}`));
    await this.link.listen({
      news: () => undefined,
      control: (message) => this.said.push(message),
      connection: (state) => void (state === 'back' && say()),
    });
    await say();
    this.#timer = setInterval(say, timings.presenceMs);
    this.#serve(ownQueue(queue, id));
    if (listens) this.#serve(sharedQueue(queue, requirement));
    return this;
  }

  setConcurrency(concurrency: number): void {
    for (const served of this.#served) served.setConcurrency(concurrency);
  }

  /** Says nothing any more, and goes on. */
  fallSilent(): void {
    clearInterval(this.#timer);
  }

  async stop(how?: { readonly now?: boolean }): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#served.map((served) => served.close(how)));
    await this.link.dispose();
  }

  #serve(queue: string): void {
    const {
      answer = async (job: ServedJob) => ({ ok: true, value: { by: this.#options.id, job: job.id } }),
    } = this.#options;
    this.#served.push(
      this.link.serve({
        queue,
        concurrency: 8,
        process: (job) => {
          this.taken.push(job);
          return answer(job);
        },
        refused: (job) => this.refused.push(job.id),
      }),
    );
  }

  #presence(): WorkerPresence {
    const { id, refuses } = this.#options;
    return {
      v: 1,
      id,
      incarnation: '1',
      state: 'ready',
      version: '0',
      labels: {},
      repositories: ['r'],
      agents: [],
      cpuCount: 1,
      memoryTotalBytes: 1,
      memoryAvailableBytes: 1,
      diskTotalBytes: 1,
      diskAvailableBytes: 1,
      cpuPercent: 0,
      memoryPercent: 0,
      working: 0,
      maxAgents: 1,
      serves: this.#listens ? [requirementId(requirement)] : [],
      refuses: refuses === undefined || this.#listens ? {} : { [requirementId(requirement)]: refuses },
    };
  }
}

import type { AgentExit, Workspace } from '@pwt/core';
import { PwtError, throwIfAborted } from '@pwt/core';
import { refs } from '../../src/exchange/refs.js';
import type { Fleet } from '../../src/fleet/fleet.js';
import { answered, answerOf } from '../../src/protocol/answer.js';
import { checkedAnswer } from '../../src/protocol/answers.js';
import type {
  AttemptKey,
  OperationName,
  Operations,
  Placed,
  PlacementName,
  Placements,
} from '../../src/protocol/operations.js';
import type { WorkerPresence } from '../../src/protocol/presence.js';
import type { JobTools, WorkerContext, WorkerRepository } from '../../src/worker/context.js';
import { GatesAtWork } from '../../src/worker/gates/gates-at-work.js';
import { WorkerLog } from '../../src/worker/log.js';
import { commitWork } from '../../src/worker/mirror/result-commit.js';
import { repositoriesOf } from '../../src/worker/repositories.js';
import { Slots } from '../../src/worker/slots.js';
import { validateJob } from '../../src/worker/validate.js';
import { workspaceHandlers } from '../../src/worker/workspaces/operations.js';
import { Placing } from '../../src/worker/workspaces/place.js';

/** A worker without Redis around it: its jobs are looked through and done as those of a real one are. It has no agents. */
export class DirectWorker {
  readonly id: string;
  readonly repository: WorkerRepository;
  connected = true;
  /** Called before each job; may throw. */
  before: (name: string) => void = () => undefined;
  readonly #handlers: Record<string, (request: never, tools: JobTools) => Promise<unknown>>;

  constructor(id: string, repository: WorkerRepository) {
    this.id = id;
    this.repository = repository;
    const context = {
      ...{ id, slots: new Slots(100), gateSlots: new Slots(100), log: new WorkerLog(() => undefined) },
      gates: new GatesAtWork(),
      clock: { after: () => () => undefined },
      timings: { lostAfterMs: 1000 },
      repositories: repositoriesOf([repository]),
    } as unknown as WorkerContext;
    const runs = { vacate: async () => undefined, placed: () => undefined };
    const placing = new Placing({ context, runs });
    this.#handlers = { ...workspaceHandlers(context), place: placing.place, scratch: placing.scratch };
  }

  async do(name: string, data: unknown): Promise<unknown> {
    const answer = await answerOf(async () => {
      this.before(name);
      const { request } = await validateJob(
        { name, data: JSON.parse(JSON.stringify(data)) },
        {
          allowed: { agents: ['claude'], gates: ['true'], setups: ['true'] },
          repository: () => this.repository,
        },
      );
      const tools = {
        job: 'job',
        abortSignal: new AbortController().signal,
        progress: async () => undefined,
      };
      return this.#handlers[name]?.(request as never, tools);
    });
    return checkedAnswer(name as 'place', answered(JSON.parse(JSON.stringify(answer)) as typeof answer));
  }

  /** Ends an attempt as an agent's end does: its work is pushed, as late if the attempt was given up. */
  async finish(attempt: AttemptKey, workspace: Workspace): Promise<'published' | 'late'> {
    const exit: AgentExit = { kind: 'exited', exitCode: 0, durationMs: 5 };
    const commit = await commitWork(this.repository, { workspace, attempt, exit });
    if (commit === undefined) throw new Error('nothing to push');
    const { mirror } = this.repository;
    if ((await mirror.publish(refs.attempt(attempt), commit, 'create')) === 'published') return 'published';
    await mirror.publish(refs.late(attempt, this.id), commit, 'replace');
    return 'late';
  }

  /** Pushes what there is by now, as a worker does every few minutes. */
  async pushUnfinished(attempt: AttemptKey, workspace: Workspace): Promise<void> {
    const commit = await commitWork(this.repository, { workspace, attempt });
    if (commit !== undefined)
      await this.repository.mirror.publish(refs.unfinished(attempt), commit, 'replace');
  }

  presence(): WorkerPresence {
    return {
      ...{
        v: 1,
        id: this.id,
        incarnation: '1',
        state: 'ready',
        version: '0',
        labels: {},
        agents: [],
        serves: [],
      },
      repositories: [this.repository.name],
      ...{
        cpuCount: 1,
        memoryTotalBytes: 1,
        memoryAvailableBytes: 1,
        diskTotalBytes: 1,
        diskAvailableBytes: 1,
      },
      ...{ cpuPercent: 0, memoryPercent: 0, working: 0, maxAgents: 100, refuses: {} },
    };
  }
}

/** A fleet of workers that are here. One that is not connected is lost at once. */
export class DirectFleet implements Fleet {
  readonly all: DirectWorker[];
  /** What was asked: the name of a worker, and of the operation. */
  readonly asked: string[] = [];
  /** The ids of jobs that placed something, and what came of each: a job is done once. */
  readonly placed = new Map<string, Promise<Placed>>();

  constructor(all: DirectWorker[]) {
    this.all = all;
  }

  async check(): Promise<void> {}

  async workers(): Promise<readonly WorkerPresence[]> {
    return this.all.filter(({ connected }) => connected).map((worker) => worker.presence());
  }

  async announce(): Promise<string> {
    return '';
  }

  requirementOf(): undefined {}

  lastKnown(): undefined {}

  async place<P extends PlacementName>(
    placement: P,
    _: unknown,
    request: Placements[P]['request'],
    { job = 'none', abortSignal }: { readonly job?: string; readonly abortSignal?: AbortSignal } = {},
  ): Promise<Placements[P]['answer']> {
    throwIfAborted(abortSignal);
    const known = this.placed.get(job);
    if (known !== undefined) return known;
    const worker = this.all.find(({ connected }) => connected);
    if (worker === undefined) throw new PwtError('PWT_WORKER_REFUSES', 'There is no worker.');
    this.asked.push(`${worker.id} ${placement}`);
    const placed = worker.do(placement, request) as Promise<Placed>;
    this.placed.set(job, placed);
    return placed;
  }

  /** Resolves when all that is being placed is placed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.placed.values());
  }

  async call<O extends OperationName>(
    id: string,
    operation: O,
    request: Operations[O]['request'],
  ): Promise<Operations[O]['answer']> {
    const worker = this.all.find((one) => one.id === id);
    if (worker?.connected !== true) throw new PwtError('PWT_WORKER_LOST', `The worker ${id} is lost.`);
    this.asked.push(`${id} ${operation}`);
    return (await worker.do(operation, request)) as Operations[O]['answer'];
  }

  async control(): Promise<void> {}

  async markStopped(): Promise<void> {}

  async dispose(): Promise<void> {}
}

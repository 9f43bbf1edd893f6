import { defined, hasCode, PwtError, type SetupReport, type Workspace } from '@pwt/core';
import { refs } from '../../exchange/refs.js';
import type { Placed, PlaceRequest } from '../../protocol/operations.js';
import type { PlacementHandlers, Runs, WorkerContext, WorkerRepository } from '../context.js';
import { forgetRestored, restoreWork } from '../mirror/restore.js';
import { attemptsHere, emptyAttempts } from '../runs/attempt-folders.js';
import type { Slots } from '../slots.js';
import { dropNote, readNote, writeNote } from './placement-notes.js';
import { fetchOffered, publishAsked } from './publish.js';

export interface PlacingOptions {
  readonly context: WorkerContext;
  readonly runs: Pick<Runs, 'placed' | 'vacate'>;
}

/** Makes workspaces for tasks and gates. */
export class Placing implements PlacementHandlers {
  readonly #context: WorkerContext;
  readonly #runs: Pick<Runs, 'placed' | 'vacate'>;

  constructor({ context, runs }: PlacingOptions) {
    this.#context = context;
    this.#runs = runs;
  }

  /**
   * The workspace of a task, from its base or with work of another worker. One that is here from before is used again if it is the
   * same and no agent has been in it; if not, what it has is kept on the exchange, and it makes room.
   */
  readonly place: PlacementHandlers['place'] = async (request, { job, abortSignal }) => {
    const { slots, repositories } = this.#context;
    const repository = repositories.named(request.repository);
    slots.reserve(`job ${job}`);
    try {
      return await repository.inTurn(request, () => this.#place(repository, request, abortSignal));
    } finally {
      slots.release(`job ${job}`);
    }
  };

  async #place(
    repository: WorkerRepository,
    request: PlaceRequest,
    abortSignal: AbortSignal,
  ): Promise<Placed> {
    const { runId, taskId, title, base, setup, restore } = request;
    await fetchOffered(repository, [base]);
    if (restore !== undefined) await repository.mirror.fetch(restore.ref, restore.commit);
    await this.#makeRoom(repository, request);
    const provider = setup === undefined ? repository.provider : repository.withSetup(setup);
    const created = await this.#here(() => provider.create({ runId, taskId, title, base, abortSignal }));
    const { workspace } = created;
    if ((await readNote(repository, workspace.id)) === undefined) {
      await forgetRestored(repository, workspace);
      if (restore !== undefined) await restoreWork(repository, workspace, restore);
      const before = await attemptsHere(repository, request);
      await writeNote(repository, workspace.id, { base, restored: restore?.commit ?? null, before });
      this.#runs.placed(workspace);
    }
    this.#reserve(this.#context.slots, workspace.id);
    this.#context.log.info(`placed ${taskId} of run ${runId}`);
    return this.#placed(repository, workspace, created.setup, `setup-${taskId}`);
  }

  /** A checkout for a gate. */
  readonly scratch: PlacementHandlers['scratch'] = async (request, { job, abortSignal }) => {
    const { gateSlots, repositories, id } = this.#context;
    const repository = repositories.named(request.repository);
    const { runId, commit, setup } = request;
    gateSlots.reserve(`job ${job}`);
    try {
      await fetchOffered(repository, [commit]);
      const provider = setup === undefined ? repository.provider : repository.withSetup(setup);
      const workspace = await this.#here(() => provider.scratch({ runId, commit, abortSignal }));
      // The gate follows at once, unless its coordinator is gone: then nobody else is to wait long for the slot.
      this.#reserve(gateSlots, workspace.id, 3 * this.#context.timings.presenceMs);
      return { worker: id, workspace };
    } finally {
      gateSlots.release(`job ${job}`);
    }
  };

  /** At the start of a worker: room is kept for the agents of workspaces that were placed here before. */
  async recall(): Promise<void> {
    for (const repository of this.#context.repositories.all) {
      for (const { kind, id, runId, taskId } of await repository.provider.list()) {
        if (kind !== 'task' || taskId === undefined) continue;
        const note = await readNote(repository, id);
        const here = await attemptsHere(repository, { runId, taskId });
        if (note !== undefined && here.every((number) => note.before.includes(number)))
          this.#reserve(this.#context.slots, id);
      }
    }
  }

  /**
   * The answer of a placement was not taken: somebody else has made the workspace by now. An empty one is removed again; one that is in
   * use is not.
   */
  async withdraw(request: PlaceRequest, { workspace }: Placed): Promise<void> {
    const repository = this.#context.repositories.named(request.repository);
    await repository.inTurn(request, async () => {
      const note = await readNote(repository, workspace.id);
      const here = await attemptsHere(repository, request);
      if (note === undefined || here.some((number) => !note.before.includes(number))) return;
      await this.#clear(repository, workspace, 'its place was given to another worker');
    });
  }

  /**
   * Removes the workspace of an attempt that was given up, once its work is on the exchange. Not one that was placed here anew.
   */
  async abandon(
    repository: WorkerRepository,
    workspace: Workspace,
    attempt: { readonly number: number },
  ): Promise<void> {
    const { runId, taskId } = workspace;
    if (taskId === undefined) return;
    await repository.inTurn({ runId, taskId }, async () => {
      const note = await readNote(repository, workspace.id);
      if (note?.before.includes(attempt.number) === true) return;
      await this.#clear(repository, workspace, 'its attempt was given up');
    });
  }

  async #makeRoom(repository: WorkerRepository, request: PlaceRequest): Promise<void> {
    const { runId, taskId, base, restore } = request;
    const found = (await repository.provider.list({ runId })).find(
      (one) => one.kind === 'task' && one.taskId === taskId,
    );
    if (found === undefined) return;
    const note = await readNote(repository, found.id);
    const isUnused = (await attemptsHere(repository, request)).every((one) => note?.before.includes(one));
    const isSame = note?.base === base && note.restored === (restore?.commit ?? null);
    if (isSame && isUnused) return;
    await this.#runs.vacate(found);
    await this.#clear(repository, found, 'placed again');
  }

  /** Everything in the workspace is on the exchange before it goes. */
  async #clear(repository: WorkerRepository, workspace: Workspace, reason: string): Promise<void> {
    const { provider } = repository;
    const kept = await provider.snapshot({ workspace, reason });
    if (kept !== undefined) await publishAsked(repository, workspace, kept.commit);
    const outcome = await provider.remove({ workspace, force: ['dirty', 'unmerged'], reason });
    if (outcome.status === 'kept') {
      throw new PwtError(
        'PWT_WORKSPACE_KEPT',
        `The worker ${this.#context.id} keeps ${workspace.id}: ${outcome.message}`,
      );
    }
    const { id, runId, taskId = '' } = workspace;
    await dropNote(repository, id);
    await emptyAttempts(repository, { runId, taskId });
    this.#context.slots.release(id);
    this.#context.log.info(`removed the workspace of ${taskId} of run ${runId}: ${reason}`);
  }

  /** Room is kept for what is to work in the workspace until it comes, or does not come. */
  #reserve(slots: Slots, workspace: string, ms: number = this.#context.timings.lostAfterMs): void {
    slots.reserve(
      workspace,
      this.#context.clock.after(ms, () => slots.release(workspace)),
    );
  }

  async #placed(
    repository: WorkerRepository,
    workspace: Workspace,
    setup: SetupReport | undefined,
    name: string,
  ): Promise<Placed> {
    if (setup === undefined) return { worker: this.#context.id, workspace };
    const log = await repository.mirror.ship(setup.logFile, refs.log(workspace.runId, name));
    return { worker: this.#context.id, workspace, setup: { durationMs: setup.durationMs, log } };
  }

  /** A path in the hint of an error is one on this machine. */
  async #here<T>(make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (error) {
      if (!hasCode(error, 'PWT_SETUP_FAILED')) throw error;
      const { id } = this.#context;
      const hint = `On the worker ${id}: ${error.hint ?? ''}`;
      throw new PwtError(error.code, error.message, {
        hint,
        cause: error,
        ...defined({ data: error.data && { ...error.data, worker: id } }),
      });
    }
  }
}

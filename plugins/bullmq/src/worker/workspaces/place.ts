import { defined, hasCode, PwtError, type SetupReport, type Workspace } from '@pwt/core';
import { KeyedMutex } from '@pwt/git';
import { refs } from '../../exchange/refs.js';
import type { Placed, PlaceRequest, Restoring } from '../../protocol/operations.js';
import type { PlacementHandlers, Runs, WorkerContext, WorkerRepository } from '../context.js';
import { attemptsHere, dropNote, readNote, writeNote } from './placement-notes.js';
import { fetchOffered, publishAsked } from './publish.js';

/** Brings work of another worker into a new workspace; its commits are here. */
export type Restore = (repository: WorkerRepository, workspace: Workspace, work: Restoring) => Promise<void>;

export interface PlacingOptions {
  readonly context: WorkerContext;
  readonly runs: Pick<Runs, 'vacate'>;
  readonly restore: Restore;
}

/** Makes workspaces for tasks and gates. */
export class Placing implements PlacementHandlers {
  readonly #context: WorkerContext;
  readonly #runs: Pick<Runs, 'vacate'>;
  readonly #restore: Restore;
  /** What is done to one task's workspace takes turns. */
  readonly #turns = new KeyedMutex();

  constructor({ context, runs, restore }: PlacingOptions) {
    this.#context = context;
    this.#runs = runs;
    this.#restore = restore;
  }

  /**
   * The workspace of a task, from its base or with work of another worker. One that is here from before is used again if it is the
   * same and no agent has been in it; if not, what it has is kept on the exchange, and it makes room.
   */
  readonly place: PlacementHandlers['place'] = async (request, { abortSignal }) => {
    const repository = this.#context.repositories.named(request.repository);
    const { runId, taskId, title, base, setup, restore } = request;
    return this.#turns.run(turnOf(repository, request), async () => {
      await fetchOffered(repository, [base]);
      if (restore !== undefined) await repository.mirror.fetch(restore.ref, restore.commit);
      await this.#makeRoom(repository, request);
      const provider = setup === undefined ? repository.provider : repository.withSetup(setup);
      const created = await this.#here(() => provider.create({ runId, taskId, title, base, abortSignal }));
      const { workspace } = created;
      if ((await readNote(repository, workspace.id)) === undefined) {
        if (restore !== undefined) await this.#restore(repository, workspace, restore);
        const before = await attemptsHere(repository, request);
        await writeNote(repository, workspace.id, { base, restored: restore?.commit ?? null, before });
      }
      this.#reserve(workspace.id);
      this.#context.log.info(`placed ${taskId} of run ${runId}`);
      return this.#placed(repository, workspace, created.setup, `setup-${taskId}`);
    });
  };

  /** A checkout for a gate. */
  readonly scratch: PlacementHandlers['scratch'] = async (request, { abortSignal }) => {
    const repository = this.#context.repositories.named(request.repository);
    const { runId, commit, setup } = request;
    await fetchOffered(repository, [commit]);
    const provider = setup === undefined ? repository.provider : repository.withSetup(setup);
    const workspace = await this.#here(() => provider.scratch({ runId, commit, abortSignal }));
    return { worker: this.#context.id, workspace };
  };

  /**
   * The answer of a placement was not taken: somebody else has made the workspace by now. An empty one is removed again; one that is in
   * use is not.
   */
  async withdraw(request: PlaceRequest, { workspace }: Placed): Promise<void> {
    const repository = this.#context.repositories.named(request.repository);
    await this.#turns.run(turnOf(repository, request), async () => {
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
    await this.#turns.run(turnOf(repository, { runId, taskId }), async () => {
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
    await dropNote(repository, workspace.id);
    this.#context.slots.release(workspace.id);
    this.#context.log.info(
      `removed the workspace of ${workspace.taskId} of run ${workspace.runId}: ${reason}`,
    );
  }

  /** Room is kept for the agent until it comes, or does not come. */
  #reserve(workspace: string): void {
    const { slots, clock, timings } = this.#context;
    slots.reserve(
      workspace,
      clock.after(timings.lostAfterMs, () => slots.release(workspace)),
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

function turnOf(
  { name }: WorkerRepository,
  { runId, taskId }: { readonly runId: string; readonly taskId: string },
): string {
  return `${name}/${runId}/${taskId}`;
}

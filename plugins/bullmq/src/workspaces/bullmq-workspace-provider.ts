import {
  type ChangedPath,
  type CollectOutcome,
  type CollectRequest,
  type CommitId,
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  defined,
  type ExpireRequest,
  type Expiry,
  type MovedOnto,
  type MoveOntoRequest,
  type PwtError,
  type RemoveOutcome,
  type RemoveRequest,
  type ScratchWorkspaceRequest,
  type Snapshot,
  type SnapshotRequest,
  throwIfAborted,
  type Workspace,
  type WorkspaceProvider,
} from '@pwt/core';
import type { GitWorktreeProvider } from '@pwt/worktree';
import { Checkouts } from './checkouts.js';
import { closeRun } from './close.js';
import { collectWork } from './collect.js';
import type { WorkspacesContext } from './context.js';
import { createWorkspace } from './create.js';
import { Homes } from './homes.js';
import { isHoused, PROVIDER_NAME, workspaceOf } from './placement.js';
import { foreseeRemoval, removeWorkspace } from './remove.js';
import { takeSnapshot } from './take-snapshot.js';
import { ExchangeTidying } from './tidy-exchange.js';

/**
 * Gives every task a worktree on a worker. Its id, and where it is, are the coordinator's own record: where a worker is lost, the
 * workspace is made again by another one, with the last work that was pushed, and has another host and path from then on.
 *
 * Every method waits for a worker, and for Redis, as long as it takes, or until it is aborted; {@link remove} and {@link foresee}
 * do not wait for a worker that is not connected.
 */
export class BullmqWorkspaceProvider implements WorkspaceProvider {
  readonly name: typeof PROVIDER_NAME = PROVIDER_NAME;
  readonly placesByLabels = true;
  /** For others that work in the same workspaces: launcher and gate. */
  readonly homes: Homes;
  readonly #context: WorkspacesContext;
  readonly #local: GitWorktreeProvider;
  readonly #tidying: ExchangeTidying;
  readonly #checkouts: Checkouts;
  readonly #named = new Set<string>();

  /** @param local the same for this machine: what is kept in the project's repository is kept in one way */
  constructor(context: WorkspacesContext, local: GitWorktreeProvider) {
    this.#context = context;
    this.#local = local;
    this.homes = new Homes(context);
    this.#tidying = new ExchangeTidying(context);
    this.#checkouts = new Checkouts(context, this.homes);
  }

  /** @throws PwtError as `Fleet.check` and `Exchange.check` */
  async check(): Promise<void> {
    await this.#context.fleet.check();
    await this.#context.exchange.check();
    this.#name(await this.#context.placements.damaged());
  }

  /**
   * @throws PWT_WORKTREE_EXISTS if another run has a workspace of the task
   * @throws PWT_WORKER_REFUSES, PWT_SETUP_FAILED, PWT_ABORTED; nothing is left on record then
   * @throws PWT_TASK_ID_INVALID, PWT_PLACEMENT_UNREADABLE
   */
  async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    this.#tidying.begun(request.runId, request.taskId);
    return createWorkspace(this.#context, this.homes, request);
  }

  /**
   * What an earlier process has left at the same commit is given out again, with the gate that works in it; anything else that it has left
   * is removed, and its gate ends.
   *
   * @throws PWT_WORKER_REFUSES, PWT_SETUP_FAILED, PWT_ABORTED; nothing is left on record then
   */
  async scratch(request: ScratchWorkspaceRequest): Promise<Workspace> {
    return this.#checkouts.give(request);
  }

  /** What a lost worker may still have is listed as a scratch workspace with a branch. */
  async list({ runId }: { readonly runId?: string } = {}): Promise<readonly Workspace[]> {
    const { placements, damaged } = await this.#context.placements.look(runId);
    this.#name(damaged);
    return placements.filter(isHoused).map(workspaceOf);
  }

  /** @throws as the worker's own provider does, and PWT_PLACEMENT_UNREADABLE */
  async collect(request: CollectRequest): Promise<CollectOutcome> {
    return collectWork(this.#context, this.homes, request);
  }

  /** @throws as {@link collect} */
  async moveOnto({ workspace, onto, message, lists, abortSignal }: MoveOntoRequest): Promise<MovedOnto> {
    throwIfAborted(abortSignal);
    const { exchange, placements } = this.#context;
    const waiting = defined({ abortSignal });
    await exchange.offer(workspace.runId, onto);
    return this.homes.with(
      workspace,
      async (placement) => {
        const asked = { onto, message, ...defined({ lists }) };
        const answer = await this.homes.callAt(placement, workspace, 'move', asked, waiting);
        const { outcome, workspace: there } = answer;
        const moved = outcome.status === 'kept' ? {} : { moved: { ...asked, at: placement.homes } };
        const next = await placements.update(placement.id, (one) =>
          one.homes === placement.homes
            ? { ...one, ...moved, home: { ...placement.home, workspace: there } }
            : one,
        );
        const known = next !== undefined && isHoused(next) ? workspaceOf(next) : workspaceOf(placement);
        return { workspace: { ...known, base: outcome.status === 'kept' ? workspace.base : onto }, outcome };
      },
      waiting,
    );
  }

  /** @throws as {@link collect} */
  async changes(workspace: Workspace): Promise<readonly ChangedPath[]> {
    return this.homes.call(workspace, 'changes', {});
  }

  /** As locally, by the worker that has it. One that is not connected is `kept`. */
  async remove(request: RemoveRequest): Promise<RemoveOutcome> {
    const outcome = await removeWorkspace(this.#context, this.homes, request);
    const { runId, taskId, kind } = request.workspace;
    const isTask = outcome.status === 'removed' && kind === 'task';
    if (isTask && taskId !== undefined) await this.#tidying.removed(runId, taskId);
    return outcome;
  }

  /** What {@link remove} would answer. Removes nothing. */
  async foresee(request: RemoveRequest): Promise<RemoveOutcome> {
    return foreseeRemoval(this.#context, this.homes, request);
  }

  /** Where the worker is lost: of the last work that it has pushed. */
  async snapshot(request: SnapshotRequest): Promise<Snapshot | undefined> {
    return takeSnapshot(this.#context, this.homes, request);
  }

  /** Those in the project's repository, wherever they were taken; runs without a workspace leave the exchange. */
  async expire(request: ExpireRequest): Promise<readonly Expiry[]> {
    if (request.dryRun !== true) await this.#tidying.abandoned();
    return this.#local.expire(request);
  }

  /** Closes the run here and at each worker. Its refs on the exchange go once all is here. */
  async close({ runId, landed }: { readonly runId: string; readonly landed?: CommitId }): Promise<void> {
    await this.#local.close({ runId, ...defined({ landed }) });
    const standing = this.#tidying.standingIn(runId);
    await closeRun(this.#context, this.homes, { runId, landed, standing });
    if (landed !== undefined) this.#tidying.forget(runId);
  }

  /** The records that can't be read any more. Each concerns its own workspace only. */
  async damagedState(): Promise<ReadonlyArray<{ readonly file: string; readonly message: string }>> {
    const placements = (await this.#context.placements.damaged()).map(({ message, place: at }) => ({
      ...{ file: at?.path ?? '', message },
    }));
    return [...placements, ...(await this.#local.damagedState())];
  }

  /** Worktrees of this machine with pwt's mark that have no record any more. */
  async unrecorded(): Promise<readonly string[]> {
    return this.#local.unrecorded();
  }

  #name(damaged: readonly PwtError[]): void {
    for (const { message, hint } of damaged) {
      if (this.#named.has(message)) continue;
      this.#named.add(message);
      this.#context.warn(`${message} ${hint}`);
    }
  }
}

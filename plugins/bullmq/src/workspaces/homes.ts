import { type CommitId, hasCode, PwtError, throwIfAborted, type Workspace } from '@pwt/core';
import { isObjectId } from '@pwt/git';
import type { CallOptions } from '../fleet/fleet.js';
import type { OperationName, Operations } from '../protocol/operations.js';
import type { WorkspacesContext } from './context.js';
import { findKnownWork } from './known-work.js';
import { place, type Waiting } from './place.js';
import { type Housed, isHoused, latestOf, type Placement } from './placement.js';

/** What is asked of a worker about one workspace. */
export type WorkspaceOperation = Exclude<OperationName, 'close'>;

type Asked<O extends WorkspaceOperation> = Omit<
  Operations[O]['request'],
  'v' | 'repository' | 'workspace' | 'latest'
>;

/**
 * Finds the workers that have workspaces. Where one is lost, the running attempt is given up, and the workspace is made again by
 * another worker with the last work that was pushed: it keeps its id, and whoever asks next gets the new home.
 */
export class Homes {
  readonly #context: WorkspacesContext;

  constructor(context: WorkspacesContext) {
    this.#context = context;
  }

  /**
   * The worker's answer about a workspace; of the next worker where the first one is lost.
   *
   * @throws PwtError `PWT_WORKTREE_BROKEN` if there is no record of it, `PWT_PLACEMENT_UNREADABLE`; whatever the operation throws
   */
  async call<O extends WorkspaceOperation>(
    workspace: Workspace,
    operation: O,
    asked: Asked<O>,
    options: CallOptions = {},
  ): Promise<Operations[O]['answer']> {
    return this.with(workspace, (home) => this.callAt(home, workspace, operation, asked, options), options);
  }

  /**
   * Runs an action with the home of a workspace, and again with the next home each time that a worker is lost.
   *
   * @throws as {@link call}
   */
  async with<T>(
    workspace: Pick<Workspace, 'id' | 'path'>,
    action: (placement: Housed) => Promise<T>,
    options: Waiting = {},
  ): Promise<T> {
    for (let unknown = 0; ; ) {
      const placement = await this.find(workspace, options);
      try {
        return await action(placement);
      } catch (error) {
        throwIfAborted(options.abortSignal);
        // A worker that has come back with an empty disk has lost its workspaces, too.
        if (hasCode(error, 'PWT_WORKSPACE_UNKNOWN') && unknown === 0) unknown += 1;
        else if (!hasCode(error, 'PWT_WORKER_LOST')) throw error;
        await this.#context.placements.lost(placement.id, placement.homes);
      }
    }
  }

  /** Asks the worker of a home. What it needs of what it is asked about, and neither it nor the exchange has, is offered. */
  async callAt<O extends WorkspaceOperation>(
    placement: Housed,
    { base }: Pick<Workspace, 'base'>,
    operation: O,
    asked: Asked<O>,
    options: CallOptions = {},
  ): Promise<Operations[O]['answer']> {
    const { fleet, exchange, repository } = this.#context;
    const { home } = placement;
    const workspace = { ...home.workspace, base };
    const known = { v: 1, repository, workspace, ...latestOf(placement) } as const;
    const request = { ...asked, ...known } as unknown as Operations[O]['request'];
    const named = commitsIn(request);
    for (let waiting = options; ; ) {
      try {
        return await fleet.call(home.worker, operation, request, waiting);
      } catch (error) {
        const missing = hasCode(error, 'PWT_EXCHANGE_MISSING') && error.data?.commit;
        // Each once, and no other than it was asked about.
        if (typeof missing !== 'string' || !named.delete(missing)) throw error;
        await exchange.offer(home.workspace.runId, missing, true);
        const { job, ...again } = options;
        waiting = again;
      }
    }
  }

  /**
   * The home of a workspace as it is on record. Where its worker was found lost, it is made again first, and brought onto the base
   * that it had.
   *
   * @throws as {@link call}
   */
  async find({ id, path }: Pick<Workspace, 'id' | 'path'>, options: Waiting = {}): Promise<Housed> {
    const { placements } = this.#context;
    return placements.inTurn(id, async () => {
      for (;;) {
        const placement = await placements.read(id);
        if (placement === undefined || !isHoused(placement)) throw unknown(id, path);
        if (placement.lost === true) await this.#remake(placement, options);
        else if (placement.moved === undefined || placement.moved.at === placement.homes) return placement;
        else await this.#moveAgain(placement, options);
      }
    });
  }

  /** The old home is put on record as what is left of it first, so that it is removed when its worker comes back. */
  async #remake(placement: Housed, options: Waiting): Promise<void> {
    const { placements } = this.#context;
    const work = await findKnownWork(this.#context, placement);
    const now = (await placements.read(placement.id)) ?? placement;
    await placements.write(leftover(placement));
    const { placement: next } = await place(this.#context, { ...now, saved: work }, options);
    // The same worker has taken it: what it has under that name is in use again.
    const { worker, workspace } = next.home;
    for (const { id, home, leftOf } of await placements.list(placement.runId))
      if (leftOf !== undefined && home?.worker === worker && home.workspace.id === workspace.id)
        await placements.delete(id);
  }

  async #moveAgain(placement: Housed, options: Waiting): Promise<void> {
    const { placements, exchange } = this.#context;
    const { moved, start, id, homes, runId } = placement;
    if (moved === undefined) return;
    const { onto, message, lists } = moved;
    try {
      await exchange.offer(runId, onto);
      const asked = { onto, message, ...(lists && { lists }) };
      const base = start;
      const answer = await this.callAt(placement, { base }, 'move', asked, waiting(options));
      await placements.update(id, (one) => ({
        ...one,
        home: { ...placement.home, workspace: answer.workspace },
        moved: { ...moved, at: homes },
      }));
    } catch (error) {
      if (!hasCode(error, 'PWT_WORKER_LOST')) throw error;
      await placements.lost(id, homes);
    }
  }
}

/** What a lost worker may still have. It is listed as a scratch workspace: no task's. */
function leftover({ runId, taskId, home, homes, start, runsOn, title, id }: Housed): Placement {
  const own = `${id.slice(runId.length + 1).replace('@', '')}-${homes}`;
  return {
    ...{ v: 1, id: `${runId}.@${own}`, kind: 'scratch', runId, title, runsOn, start },
    ...{ home, homes: 1, launched: [], givenUp: [], leftOf: taskId ?? id },
  };
}

function waiting({ abortSignal }: Waiting): CallOptions {
  return abortSignal === undefined ? {} : { abortSignal };
}

function unknown(id: string, path: string): PwtError {
  return new PwtError('PWT_WORKTREE_BROKEN', `pwt has no record of a workspace ${id} on a worker.`, {
    hint: 'It was removed, or made by another provider. Those there are: pwt status',
    data: { id, path },
  });
}

/** The commits that a request names, at any depth. */
function commitsIn(request: unknown): Set<CommitId> {
  if (typeof request === 'string') return new Set(isObjectId(request) ? [request] : []);
  if (typeof request !== 'object' || request === null) return new Set();
  return new Set(Object.values(request).flatMap((value) => [...commitsIn(value)]));
}

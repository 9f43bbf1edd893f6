import { randomBytes } from 'node:crypto';
import {
  type CommitId,
  isPwtError,
  type ScratchWorkspaceRequest,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import type { WorkspacesContext } from './context.js';
import type { Homes } from './homes.js';
import { place } from './place.js';
import { isHoused, type Placement, workspaceOf } from './placement.js';
import { removeWorkspace } from './remove.js';

/** Has checkouts made for gates, and goes on with those of an earlier process of the run. */
export class Checkouts {
  readonly #context: WorkspacesContext;
  readonly #homes: Homes;
  /** What earlier processes have left of each run. It is read before this one makes its first. */
  readonly #left = new Map<string, Promise<Placement[]>>();

  constructor(context: WorkspacesContext, homes: Homes) {
    this.#context = context;
    this.#homes = homes;
  }

  async give({ runId, commit, abortSignal }: ScratchWorkspaceRequest): Promise<Workspace> {
    throwIfAborted(abortSignal);
    const found = await this.#take(runId, commit);
    if (found !== undefined && isHoused(found)) return workspaceOf(found);
    const wanted: Placement = found ?? {
      ...{ v: 1, id: `${runId}.@${randomBytes(4).toString('hex')}`, kind: 'scratch', runId, title: 'gate' },
      ...{ runsOn: {}, start: commit, homes: 0, launched: [], givenUp: [] },
    };
    return workspaceOf((await place(this.#context, wanted, { abortSignal })).placement);
  }

  /** One that was left at this commit. Where there is none, the others go: what is tested next may need their room. */
  async #take(runId: string, commit: CommitId): Promise<Placement | undefined> {
    const first = this.#left.get(runId) ?? this.#context.placements.checkouts(runId);
    this.#left.set(runId, first);
    first.catch(() => this.#left.delete(runId));
    const left = await first;
    const index = left.findIndex(({ start, lost }) => start === commit && lost !== true);
    if (index >= 0) return left.splice(index, 1)[0];
    await Promise.all(left.splice(0).map((one) => this.#remove(one)));
    return undefined;
  }

  /** What can't be removed now goes when the run ends. */
  async #remove(placement: Placement): Promise<void> {
    if (!isHoused(placement)) return;
    const request = { workspace: workspaceOf(placement), force: ['dirty', 'unmerged'] } as const;
    try {
      await removeWorkspace(this.#context, this.#homes, request);
    } catch (error) {
      if (!isPwtError(error)) throw error;
      this.#context.warn(`The checkout ${placement.id} stays until the run ends: ${error.message}`);
    }
  }
}

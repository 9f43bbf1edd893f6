import type { CommitId } from '@pwt/core';
import { dropRefs, type Git, isObjectId, listRefs, swapRef } from '@pwt/git';
import { requireOwnRef } from './remote/own-ref.js';

/** A base that a run has put on the exchange. */
interface Offered {
  readonly ref: string;
  readonly runId: string;
  readonly commit: CommitId;
}

const PLACE = /^refs\/pwt\/([^/]+)\/offered\/([0-9a-f]+)$/;

/** Which bases the runs of this project have put on the exchange: refs of the project, which also keep the commits. */
export class Ledger {
  readonly #git: Git;

  constructor(git: Git) {
    this.#git = git;
  }

  async note(runId: string, commit: CommitId): Promise<void> {
    const ref = offeredRef(runId, commit);
    requireOwnRef(ref);
    await swapRef(this.#git, { ref, newValue: commit, oldValue: null });
  }

  /** Those of a run, and which of them no other run has offered. */
  async of(
    runId: string,
  ): Promise<{ readonly own: readonly Offered[]; readonly alone: readonly CommitId[] }> {
    const all = await this.#all();
    const own = all.filter((one) => one.runId === runId);
    const needed = new Set(all.filter((one) => one.runId !== runId).map(({ commit }) => commit));
    return { own, alone: own.map(({ commit }) => commit).filter((commit) => !needed.has(commit)) };
  }

  async runs(): Promise<readonly string[]> {
    return [...new Set((await this.#all()).map(({ runId }) => runId))];
  }

  async #all(): Promise<readonly Offered[]> {
    return (await listRefs(this.#git, 'refs/pwt/')).flatMap(({ ref, id }): Offered[] => {
      const [, run = '', commit = ''] = PLACE.exec(ref) ?? [];
      return isObjectId(commit) && commit === id ? [{ ref, runId: run, commit }] : [];
    });
  }

  async forget(offered: readonly Offered[]): Promise<void> {
    await dropRefs(
      this.#git,
      offered.map(({ ref, commit }) => ({ ref, oldValue: commit })),
    );
  }
}

function offeredRef(runId: string, commit: CommitId): string {
  return `refs/pwt/${runId}/offered/${commit}`;
}

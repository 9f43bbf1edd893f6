import { createHash } from 'node:crypto';
import {
  type AdvanceOutcome,
  type CommitId,
  type CommitNote,
  type IntegrateOutcome,
  type IntegrateRequest,
  type LandOutcome,
  type LandRequest,
  type Merger,
  type OpenIntegrationRequest,
  type ReplayRequest,
  throwIfAborted,
} from '@pwt/core';
import { editFiles } from './memory-edits.js';
import { compareFiles, type FileMap, type MemoryRepository } from './memory-repository.js';

/** Merges in a {@link MemoryRepository}; branches are refs under `refs/heads/`. */
export class MemoryMerger implements Merger {
  readonly name = 'memory';
  readonly #repository: MemoryRepository;
  /** What the next landings answer instead of landing, first one first. */
  readonly refusals: LandOutcome[] = [];

  constructor(repository: MemoryRepository) {
    this.#repository = repository;
  }

  async open(request: OpenIntegrationRequest): Promise<{ readonly tip: CommitId }> {
    const ref = integrationRef(request.runId);
    const tip = this.#repository.refs.get(ref) ?? request.start;
    this.#repository.refs.set(ref, tip);
    return { tip };
  }

  async integrate(request: IntegrateRequest): Promise<IntegrateOutcome> {
    throwIfAborted(request.abortSignal);
    const { onto, commit, lists } = request;
    if (this.#repository.contains(commit, onto)) return this.#commitEdits(request);
    const { files, conflicts } = this.#repository.merge(onto, commit, undefined, lists);
    if (conflicts.length > 0) return { status: 'conflicted', paths: conflicts.map((path) => ({ path })) };
    return this.#putOn(request, files, (request.strategy ?? 'merge') === 'merge' ? [onto, commit] : [onto]);
  }

  async advance(request: { runId: string; from: CommitId; to: CommitId }): Promise<AdvanceOutcome> {
    return this.#swap(integrationRef(request.runId), request.from, request.to)
      ? { status: 'advanced' }
      : { status: 'moved', tip: this.#repository.refs.get(integrationRef(request.runId)) ?? '' };
  }

  async land(request: LandRequest): Promise<LandOutcome> {
    const refusal = this.refusals.shift();
    if (refusal) return refusal;
    const { target, from, to } = request;
    if (this.#swap(`refs/heads/${target}`, from, to)) return { status: 'landed' };
    const tip = await this.tip(target);
    return tip === undefined ? { status: 'moved' } : { status: 'moved', tip };
  }

  async tip(branch: string): Promise<CommitId | undefined> {
    return this.#repository.refs.get(`refs/heads/${branch}`);
  }

  async contains(request: { ancestor: CommitId; descendant: CommitId }): Promise<boolean> {
    return this.#repository.contains(request.ancestor, request.descendant);
  }

  async tree(commit: CommitId): Promise<string> {
    const files = [...this.#repository.read(commit).files].sort(([a], [b]) => (a < b ? -1 : 1));
    return createHash('sha1').update(JSON.stringify(files)).digest('hex');
  }

  async changedPaths({ from, to }: { from: CommitId; to: CommitId }): Promise<readonly string[]> {
    const { files: before } = this.#repository.read(from);
    return compareFiles(before, this.#repository.read(to).files).map(({ path }) => path);
  }

  async replay(request: ReplayRequest): Promise<IntegrateOutcome> {
    throwIfAborted(request.abortSignal);
    const { onto, commit, over, lists } = request;
    const base = this.#repository.mergeBase(over, commit);
    const { files, conflicts } = this.#repository.merge(onto, commit, base, lists);
    if (conflicts.length > 0) return { status: 'conflicted', paths: conflicts.map((path) => ({ path })) };
    return this.#putOn(request, files, [onto]);
  }

  /** The joined files with the changes of the request. A commit with one parent is made if it has any work. */
  async #putOn(
    request: IntegrateRequest,
    joined: FileMap,
    parents: readonly CommitId[],
  ): Promise<IntegrateOutcome> {
    const { onto, commit, message, strategy } = request;
    const isSame = compareFiles(this.#repository.read(onto).files, joined).length === 0;
    if (parents.length === 1 && isSame) return this.#commitEdits(request);
    const { files, refused } = await editFiles(joined, request.edit);
    const words = strategy === 'rebase' ? this.#repository.read(commit).message : message;
    return {
      status: 'merged',
      commit: this.#repository.commit(files, parents, words),
      ...(refused.length > 0 && { refused }),
    };
  }

  async #commitEdits({ onto, message, edit }: IntegrateRequest): Promise<IntegrateOutcome> {
    const before = this.#repository.read(onto).files;
    const { files, refused } = await editFiles(before, edit);
    const said = refused.length > 0 ? { refused } : {};
    if (compareFiles(before, files).length === 0) return { status: 'contained', ...said };
    const commit = this.#repository.commit(files, [onto], message);
    return { status: 'merged', commit, onlyEdits: true, ...said };
  }

  async restart(request: { runId: string; from: CommitId; to: CommitId }): Promise<AdvanceOutcome> {
    this.#repository.refs.set(`refs/pwt/${request.runId}/replaced/${request.from}`, request.from);
    return this.advance(request);
  }

  async missing({
    known,
    tip,
    limit,
  }: {
    known: CommitId;
    tip: CommitId;
    limit: number;
  }): Promise<{ readonly commits: readonly CommitNote[]; readonly total: number }> {
    const there = this.#repository.history(tip);
    const all = [...this.#repository.history(known)].filter((id) => !there.has(id));
    const commits = all.map((id) => ({
      id,
      subject: this.#repository.read(id).message.split('\n')[0] ?? '',
    }));
    return { commits: commits.slice(0, limit), total: all.length };
  }

  async close(request: { runId: string; landed: CommitId }): Promise<void> {
    const ref = integrationRef(request.runId);
    const tip = this.#repository.refs.get(ref);
    if (tip !== undefined && this.#repository.contains(tip, request.landed))
      this.#repository.refs.delete(ref);
  }

  #swap(ref: string, from: CommitId, to: CommitId): boolean {
    if (this.#repository.refs.get(ref) !== from) return false;
    this.#repository.refs.set(ref, to);
    return true;
  }
}

function integrationRef(runId: string): string {
  return `refs/pwt/${runId}/integration`;
}

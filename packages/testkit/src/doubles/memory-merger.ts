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
    const { onto, commit, message } = request;
    if (this.#repository.contains(commit, onto)) return { status: 'contained' };
    const { files, conflicts } = this.#repository.merge(onto, commit);
    if (conflicts.length > 0) return { status: 'conflicted', paths: conflicts.map((path) => ({ path })) };
    if ((request.strategy ?? 'merge') === 'merge')
      return { status: 'merged', commit: this.#repository.commit(files, [onto, commit], message) };
    return this.#putOn(onto, files, request.strategy === 'rebase' ? commit : undefined, message);
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
    const { onto, commit, over, message } = request;
    const base = this.#repository.mergeBase(over, commit);
    const { files, conflicts } = this.#repository.merge(onto, commit, base);
    if (conflicts.length > 0) return { status: 'conflicted', paths: conflicts.map((path) => ({ path })) };
    return this.#putOn(onto, files, request.strategy === 'rebase' ? commit : undefined, message);
  }

  /** One commit with one parent, unless it would change nothing. */
  #putOn(onto: CommitId, files: FileMap, own: CommitId | undefined, message: string): IntegrateOutcome {
    if (compareFiles(this.#repository.read(onto).files, files).length === 0) return { status: 'contained' };
    const words = own === undefined ? message : this.#repository.read(own).message;
    return { status: 'merged', commit: this.#repository.commit(files, [onto], words) };
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

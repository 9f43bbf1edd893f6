import type {
  AdvanceOutcome,
  CommitId,
  IntegrateOutcome,
  IntegrateRequest,
  LandOutcome,
  LandRequest,
  Merger,
  OpenIntegrationRequest,
} from '@pwt/core';
import type { MemoryRepository } from './memory-repository.js';

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
    const { onto, commit, message } = request;
    if (this.#repository.contains(commit, onto)) return { status: 'contained' };
    const { files, conflicts } = this.#repository.merge(onto, commit);
    if (conflicts.length > 0) return { status: 'conflicted', paths: conflicts.map((path) => ({ path })) };
    return { status: 'merged', commit: this.#repository.commit(files, [onto, commit], message) };
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

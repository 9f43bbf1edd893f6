import {
  type AdvanceOutcome,
  type CommitId,
  type CommitNote,
  type Finding,
  type IntegrateOutcome,
  type IntegrateRequest,
  type LandOutcome,
  type LandRequest,
  type Merger,
  type OpenIntegrationRequest,
  PwtError,
  type ReplayRequest,
  shellQuote,
} from '@pwt/core';
import {
  beginSwapping,
  checkSigning,
  dropRefs,
  type Git,
  gitFeatureSince,
  listMergedRefs,
  listRefs,
  readRef,
  requireGitVersion,
  type Signing,
  swapRef,
  updateRef,
} from '@pwt/git';
import { updateCheckouts } from './behind.js';
import { type IntegrateOptions, integrate } from './integrate.js';
import { KnownMerges } from './known-merges.js';
import { land } from './land.js';
import { missing } from './missing.js';
import { replay } from './replay.js';
import { branchRef, candidatesNamespace, integrationRef, replacedRef, runNamespace } from './run-refs.js';

export interface GitMergerOptions {
  /** Runs in a working tree of the repository. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** How long a landing waits for a lock that another git process holds. @default 2000 */
  readonly lockWaitMs?: number;
  /** How long one merge may take; only a merge driver of the user's can take long. @default 5 minutes */
  readonly mergeTimeoutMs?: number;
  /** How commits are signed. @default they are not, whatever is configured */
  readonly signing?: Signing | undefined;
}

/**
 * Joins work with `git merge-tree` and lands it by compare-and-swap.
 *
 * Merges touch no checkout; refs of a run live under `refs/pwt/<run>/`. The result of a merge does not depend
 * on the user's configuration, on attributes outside the commits, or on where git runs. Merge drivers that the
 * user has configured do run. No hook is run.
 *
 * Methods throw `PWT_GIT_FAILED` and the other errors of `@pwt/git` when git cannot do its work.
 */
export class GitMerger implements Merger {
  readonly name = 'git-merge-tree';
  readonly #git: Git;
  readonly #commonDir: string;
  readonly #lockWaitMs: number;
  readonly #mergeTimeoutMs: number;
  readonly #signing: Signing | undefined;
  readonly #known = new KnownMerges();

  constructor(options: GitMergerOptions) {
    this.#git = options.git;
    this.#commonDir = options.commonDir;
    this.#lockWaitMs = options.lockWaitMs ?? 2000;
    this.#mergeTimeoutMs = options.mergeTimeoutMs ?? 5 * 60_000;
    this.#signing = options.signing;
  }

  /** @throws PWT_GIT_TOO_OLD, PWT_SIGNING_FAILED */
  async check(): Promise<void> {
    beginSwapping(this.#git);
    // Said before an agent has worked for nothing.
    const { mergeTreeWriteTree } = gitFeatureSince;
    requireGitVersion(await this.#git.version(), mergeTreeWriteTree, 'merging beside the checkout');
    if (this.#signing !== undefined) await checkSigning(this.#git, this.#signing);
  }

  async open({ runId, start }: OpenIntegrationRequest): Promise<{ readonly tip: CommitId }> {
    const ref = integrationRef(runId);
    const made = await swapRef(this.#git, { ref, newValue: start, oldValue: null });
    return { tip: made.status === 'moved' && made.actual !== null ? made.actual : start };
  }

  /** See {@link integrate} for what it guarantees and throws. */
  async integrate(request: IntegrateRequest): Promise<IntegrateOutcome> {
    return integrate(this.#git, request, this.#integrateOptions);
  }

  get #integrateOptions(): IntegrateOptions {
    return { mergeTimeoutMs: this.#mergeTimeoutMs, known: this.#known, signing: this.#signing };
  }

  /** @throws PWT_NOT_A_FAST_FORWARD if `to` does not contain `from` */
  async advance(request: {
    readonly runId: string;
    readonly from: CommitId;
    readonly to: CommitId;
  }): Promise<AdvanceOutcome> {
    const { from, to } = request;
    const ref = integrationRef(request.runId);
    if (!(await this.contains({ ancestor: from, descendant: to }))) {
      throw new PwtError('PWT_NOT_A_FAST_FORWARD', `${to} does not contain ${from}, the tip of ${ref}.`, {
        hint: 'The merge was made on an older state. Integrate the commit again.',
        data: { ref, from, to },
      });
    }
    const update = await swapRef(this.#git, { ref, newValue: to, oldValue: from });
    // Already there: an earlier call did it and was interrupted before it returned.
    if (update.status === 'updated' || update.actual === to) return { status: 'advanced' };
    if (update.actual !== null) return { status: 'moved', tip: update.actual };
    throw new PwtError('PWT_INTEGRATION_REF_GONE', `${ref} does not exist any more.`, {
      hint: `Restore it with: git update-ref ${shellQuote(ref)} ${from}. Then run: pwt resume`,
      data: { ref, from, to },
    });
  }

  /** See {@link land} for what it guarantees and throws. */
  async land(request: LandRequest): Promise<LandOutcome> {
    const { recovery } = this.#git;
    const options = {
      commonDir: this.#commonDir,
      lockWaitMs: this.#lockWaitMs,
      known: this.#known,
      recovery,
    };
    return land(this.#git, request, options);
  }

  async tip(branch: string): Promise<CommitId | undefined> {
    return (await readRef(this.#git, branchRef(branch))) ?? undefined;
  }

  async contains(request: { readonly ancestor: CommitId; readonly descendant: CommitId }): Promise<boolean> {
    return this.#known.contains(this.#git, request);
  }

  /** @throws PWT_COMMIT_NOT_FOUND */
  async tree(commit: CommitId): Promise<string> {
    return this.#known.tree(this.#git, commit);
  }

  async changedPaths(request: {
    readonly from: CommitId;
    readonly to: CommitId;
  }): Promise<readonly string[]> {
    return (await this.#known.changes(this.#git, request)).map(({ path }) => path);
  }

  /** See {@link replay} for what it guarantees and throws. */
  async replay(request: ReplayRequest): Promise<IntegrateOutcome> {
    return replay(this.#git, request, this.#integrateOptions);
  }

  async restart({
    runId,
    from,
    to,
  }: {
    readonly runId: string;
    readonly from: CommitId;
    readonly to: CommitId;
  }): Promise<AdvanceOutcome> {
    const kept = replacedRef(runId, from);
    await updateRef(this.#git, { ref: kept, newValue: from, oldValue: null });
    const update = await updateRef(this.#git, { ref: integrationRef(runId), newValue: to, oldValue: from });
    if (update.status === 'updated' || update.actual === to) return { status: 'advanced' };
    return { status: 'moved', tip: update.actual ?? '' };
  }

  async missing(request: {
    readonly known: CommitId;
    readonly tip: CommitId;
    readonly limit: number;
  }): Promise<{ readonly commits: readonly CommitNote[]; readonly total: number }> {
    return missing(this.#git, request);
  }

  /** See {@link updateCheckouts} for what it guarantees. */
  async updateCheckouts(request: LandRequest & { readonly onlyLook?: boolean }): Promise<readonly Finding[]> {
    return updateCheckouts(this.#git, request, { commonDir: this.#commonDir });
  }

  async close({ runId, landed }: { readonly runId: string; readonly landed: CommitId }): Promise<void> {
    const [merged, candidates] = await Promise.all([
      listMergedRefs(this.#git, landed, runNamespace(runId)),
      listRefs(this.#git, candidatesNamespace(runId)),
    ]);
    const done = new Map([...merged, ...candidates].map(({ ref, id }) => [ref, id]));
    await dropRefs(
      this.#git,
      [...done].map(([ref, oldValue]) => ({ ref, oldValue })),
    );
  }
}

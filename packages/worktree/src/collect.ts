import {
  type ChangedPath,
  type CollectOutcome,
  type CommitId,
  type ConflictedPath,
  defined,
  PwtError,
  type Snapshot,
  type Workspace,
} from '@pwt/core';
import {
  type ChangedFile,
  type CommitAllOutcome,
  changedFiles,
  changedSince,
  commitAll,
  fallbackWhereUnset,
  type Git,
  mergeBaseTree,
  readOperationState,
  toChangedPath,
  writeWorktreeTree,
} from '@pwt/git';
import { apartFinding, locateWork, type Whereabouts } from './apart.js';
import type { ProviderContext } from './context.js';
import { releaseDeadLock } from './dead-lock.js';
import { commitInner, type InnerWork, innerGitlinks, noInnerWork } from './inner/commit-inner.js';
import { guardGitlinks } from './inner/guard-gitlinks.js';
import { type LeftOut, unreadable, type Walk, walkWorktree } from './left-out.js';
import { leftOutFindings } from './left-out-findings.js';
import { findLeftovers, type Leftovers } from './leftovers.js';
import { remember } from './onto/remember.js';
import { withSecondParent } from './onto/second-parent.js';
import { unfinishedMerge } from './onto/unfinished-merge.js';
import { PreparedConflict } from './onto/unresolved.js';
import type { WorktreeRecord } from './records.js';

/** A worktree that can be worked in. */
export interface Opened {
  readonly git: Git;
  readonly gitDir: string;
  readonly record: WorktreeRecord;
}

/**
 * Commits what is left uncommitted in a worktree and says which commit holds the work.
 *
 * That is HEAD, on whatever branch the agent has left it or detached; or the tip of the workspace's own
 * branch, where HEAD was left behind it with nothing uncommitted. Where both have commits of their own, the task is
 * held. Submodules come first, see {@link commitInner}
 * and {@link guardGitlinks}. Left alone, and said: repositories that the agent has made or cloned inside the
 * worktree, symbolic links that lead out of it, and what git cannot store in a commit.
 *
 * @param keep keeps what was staged and then changed again: a commit has room for one content of a file
 * @throws PWT_WORKTREE_BUSY in the middle of a merge, rebase, cherry-pick, revert or bisect, with unresolved
 *   conflicts, or under a lock that is not proven to be of a dead git
 */
export async function collect(
  context: ProviderContext,
  opened: Opened,
  workspace: Workspace,
  message: string,
  keep: () => Promise<Snapshot | undefined> = async () => undefined,
): Promise<CollectOutcome> {
  const { git, gitDir, record } = opened;
  context.collected.delete(workspace.id);
  await releaseDeadLock({ git, gitDir });
  const conflict = await PreparedConflict.of(context, opened);
  const { isUnderWay = false, unresolved = [] } = (await conflict?.progress(opened)) ?? {};
  if (unresolved.length > 0) return heldMerge(opened, unresolved, !isUnderWay);
  await refuseBusy(git, workspace, isUnderWay);
  const leftovers = await findLeftovers(git, { ignored: true, ofSetup: record.hidden });
  const { unmerged, headBranch } = leftovers;
  if (unmerged.length > 0 && !isUnderWay) {
    throw busy(workspace, `has unresolved conflicts in ${unmerged.join(', ')}`, 'resolve them and commit');
  }
  const snapshot = leftovers.stagedApart.length === 0 ? undefined : await keep();
  const walk = await walkWorktree(git, [...leftovers.ignored, ...leftovers.repositories]);
  const hasInner = walk.repositories.length > 0 || walk.hasSubmodules;
  const inner = hasInner ? await commitInner(git, workspace, message) : noInnerWork;
  const leftOut = [...walk.leftOut, ...(await unreadableOf(git, leftovers, walk))];
  const outcome = await commitLeftovers(git, leftovers, { message, inner, leftOut, merge: isUnderWay });
  const committedLeftovers = outcome.status === 'committed';
  const head =
    conflict === undefined
      ? outcome.commit
      : await withSecondParent(context, opened, { conflict, commit: outcome.commit });
  const { commit, apart } = await whereabouts(git, workspace, { headBranch, head });
  const marked = (await conflict?.markedIn(commit)) ?? [];
  if (marked.length > 0) return heldMerge(opened, marked, true);
  if (conflict !== undefined) await remember(context, record, { merging: null });
  const { base } = workspace;
  const changed = commit === base ? [] : await changedSince(context.git, { base, commit });
  const findings = [...inner.findings, ...leftOutFindings(workspace, leftovers, leftOut)];
  if (apart !== null) findings.push(apartFinding(workspace, headBranch, apart));
  if (changed.some(concernsGitlinks)) {
    findings.push(...(await guardGitlinks(context, { workspace, gitDir, commit })));
  }
  const kept = defined({ snapshot });
  if (findings.some(({ severity }) => severity === 'error')) return { status: 'held', findings, ...kept };
  const changes = changed.map(toChangedPath);
  const { repositories, linksOut, ofSetup } = leftovers;
  const apartFromCommit = [...repositories, ...linksOut, ...ofSetup, ...leftOut].length > 0;
  if (!apartFromCommit && !hasInner) context.collected.set(workspace.id, head);
  return {
    ...{ status: 'collected', commit, changes, committedLeftovers, ...kept },
    ...(findings.length > 0 && { findings }),
  };
}

async function unreadableOf(git: Git, { work, linksOut }: Leftovers, walk: Walk): Promise<LeftOut[]> {
  const others = new Set([...linksOut, ...walk.repositories]);
  const files = work.filter((path) => !others.has(path));
  return unreadable(git.cwd, files);
}

async function commitLeftovers(
  git: Git,
  { headCommit, work, repositories, linksOut, ofSetup }: Leftovers,
  request: {
    readonly message: string;
    readonly inner: InnerWork;
    readonly leftOut: readonly LeftOut[];
    readonly merge: boolean;
  },
): Promise<CommitAllOutcome> {
  const { message, inner, leftOut, merge } = request;
  const isMoved = inner.gitlinks.some(({ commit }, index) => commit !== inner.before[index]);
  if (work.length === 0 && !isMoved && !merge && headCommit !== null)
    return { status: 'unchanged', commit: headCommit };
  const unreadablePaths = leftOut.filter(({ what }) => what.startsWith('unreadable')).map(({ path }) => path);
  return commitAll(git, {
    message: message.endsWith('\n') ? message : `${message}\n`,
    ...(await fallbackWhereUnset(git)),
    exclude: [...repositories, ...linksOut, ...ofSetup, ...unreadablePaths, ...inner.unborn],
    gitlinks: inner.gitlinks,
    merge,
  });
}

/** The changes that {@link collect} would find right now; what is uncommitted in submodules is not among them. */
export async function currentChanges(
  context: ProviderContext,
  { git, record }: Opened,
  workspace: Workspace,
): Promise<ChangedPath[]> {
  const { base } = workspace;
  const leftovers = await findLeftovers(git, { ofSetup: record.hidden });
  const { headCommit, headBranch, work, repositories, linksOut, ofSetup } = leftovers;
  if (headCommit !== null && work.length === 0) {
    const { commit } = await whereabouts(git, workspace, { headBranch, head: headCommit });
    return commit === base ? [] : (await changedSince(context.git, { base, commit })).map(toChangedPath);
  }
  const { gitlinks, unborn } = await innerGitlinks(git);
  const left = (await unreadable(git.cwd, work)).map(({ path }) => path);
  const tree = await writeWorktreeTree(git, {
    exclude: [...repositories, ...linksOut, ...ofSetup, ...left, ...unborn],
    gitlinks,
  });
  const from = headCommit === null ? null : await mergeBaseTree(git, base, headCommit);
  return (await changedFiles(git, { from: from ?? base, to: tree })).map(toChangedPath);
}

function heldMerge(
  { record: { workspace, merging } }: Opened,
  paths: readonly ConflictedPath[],
  isCommitted: boolean,
): CollectOutcome {
  const finding = unfinishedMerge(workspace, { onto: merging?.onto ?? workspace.base, paths, isCommitted });
  return { status: 'held', findings: [finding] };
}

async function refuseBusy(git: Git, workspace: Workspace, isMergeOurs: boolean): Promise<void> {
  const { operation, indexLocked } = await readOperationState(git);
  if (operation !== null && !(isMergeOurs && operation === 'merge')) {
    throw busy(workspace, `is in the middle of a ${operation}`, 'finish or abort it there');
  }
  if (indexLocked) {
    const file = await git.text(['rev-parse', '--git-path', 'index.lock']);
    throw busy(workspace, 'is locked by a git process', `if none is running there, delete ${file}`);
  }
}

function busy({ path, taskId }: Workspace, what: string, todo: string): PwtError {
  return new PwtError('PWT_WORKTREE_BUSY', `${path} ${what}, so its work cannot be collected.`, {
    hint: `Nothing was touched: ${todo}, then run: pwt resume`,
    data: { path, taskId: taskId ?? null },
  });
}

async function whereabouts(
  git: Git,
  workspace: Workspace,
  { headBranch, head }: { readonly headBranch: string | null; readonly head: CommitId },
): Promise<Whereabouts> {
  if (headBranch === `refs/heads/${workspace.branch}`) return { commit: head, apart: null };
  return locateWork(git, workspace, head);
}

/** True for a change of a gitlink, or of what says where gitlinks come from. */
function concernsGitlinks({ path, newMode }: ChangedFile): boolean {
  return newMode === '160000' || path === '.gitmodules';
}

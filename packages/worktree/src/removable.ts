import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommitId, type RemoveOutcome, type RemoveRequest, shellQuote } from '@pwt/core';
import {
  diskPath,
  type Git,
  listWorktrees,
  type PopulatedGitlink,
  readOperationState,
  resolveCommit,
  scanGitlinks,
  scanInner,
  type WorktreeEntry,
} from '@pwt/git';
import type { ProviderContext } from './context.js';
import { branchTip } from './discard.js';
import { type Evidence, findMarkedGitDir, registeredPath } from './evidence.js';
import { uncommittedIn } from './inner/commit-inner.js';
import { isSafe } from './landed-as.js';
import { findLeftovers } from './leftovers.js';
import { isInside } from './location.js';
import type { WorktreeRecord } from './records.js';

export type Kept = Extract<RemoveOutcome, { status: 'kept' }>;

/** A worktree that may go, and where it was when that was decided. */
export interface Removable {
  readonly status: 'removable';
  /** Its own git directory, if it is whole; `broken`: its directory is there, in whatever state. */
  readonly found: { readonly gitDir: string } | 'broken' | 'gone';
  /** What is checked out at gitlinks. */
  readonly inner: readonly PopulatedGitlink[];
  /** The tip of its branch. */
  readonly tip: CommitId | null;
  /** Where its HEAD is, if its directory is whole. */
  readonly head: CommitId | null;
  /** Whether anything is uncommitted was not looked for. */
  readonly isAssumed: boolean;
}

/**
 * The one rule that says whether a task's worktree may be removed or is kept. Changes nothing.
 *
 * @param how `isLookedAtAgain`: one that had nothing uncommitted when its work was collected, and is where it was then, is
 *   taken for clean
 */
export async function decide(
  context: ProviderContext,
  record: WorktreeRecord,
  request: RemoveRequest,
  evidence: Evidence,
  { isLookedAtAgain = false }: { readonly isLookedAtAgain?: boolean } = {},
): Promise<Removable | Kept> {
  const { git, collected } = context;
  const force: Force = new Set(request.force);
  if (evidence.status === 'foreign') return kept('not-ours', evidence.message);
  if (evidence.status === 'broken' && !(force.has('dirty') && (await isRegistered(context, record))))
    return kept('dirty', `${evidence.message}, so its work cannot be checked`);
  const worktrees = await listWorktrees(git);
  const own = worktrees.find(({ path }) => path === record.workspace.path);
  const ref = `refs/heads/${record.workspace.branch}`;
  // A worktree on its branch is where the branch is.
  const tip = own?.branch === ref ? own.headCommit : await branchTip(context, record);
  const head = evidence.status === 'intact' ? await headOf(evidence.git, own) : (own?.headCommit ?? null);
  const inner: PopulatedGitlink[] = [];
  const isAssumed =
    isLookedAtAgain && force.size === 0 && head !== null && collected.get(record.workspace.id) === head;
  const how = { force, isAssumed };
  const keep =
    branchInUse(record, worktrees) ??
    (evidence.status === 'intact' ? await findReasonToKeep({ ...evidence, record }, how, inner) : null) ??
    (await findUnmerged(git, [head, tip], request, force));
  if (keep !== null) return keep;
  const found = evidence.status === 'intact' ? { gitDir: evidence.gitDir } : evidence.status;
  return { status: 'removable', found, inner, tip, head, isAssumed };
}

/** @param hint the command after which it can be removed */
export function kept(reason: Kept['reason'], message: string, hint?: string): Kept {
  return { status: 'kept', reason, message, ...(hint !== undefined && { hint }) };
}

type Force = ReadonlySet<'dirty' | 'unmerged'>;

/** True if git lists the record's directory as a worktree. A directory without its `.git` is still ours then. */
async function isRegistered(
  { commonDir }: ProviderContext,
  { mark, workspace }: WorktreeRecord,
): Promise<boolean> {
  const gitDir = await findMarkedGitDir(commonDir, mark);
  return gitDir !== undefined && (await registeredPath(gitDir)) === workspace.path;
}

/**
 * Why a worktree that is intact is kept; `null` if nothing in its files forbids its removal.
 *
 * @param inner gets what is checked out at gitlinks
 */
async function findReasonToKeep(
  { git, gitDir, record }: { readonly git: Git; readonly gitDir: string; readonly record: WorktreeRecord },
  { force, isAssumed }: { readonly force: Force; readonly isAssumed: boolean },
  inner: PopulatedGitlink[],
): Promise<Kept | null> {
  if (await exists(join(gitDir, 'locked')))
    return kept('in-use', `${git.cwd} is locked`, `git worktree unlock ${shellQuote(git.cwd)}`);
  if (!force.has('dirty')) {
    const { operation, indexLocked } = await readOperationState(git);
    if (operation !== null) return kept('in-use', `${git.cwd} is in the middle of a ${operation}`);
    if (indexLocked) return kept('in-use', `${git.cwd} is locked by a git process (index.lock)`);
    if (isAssumed) return null;
    const { work, unmerged, repositories } = await findLeftovers(git, { ofSetup: record.hidden });
    const { populated, stray } = await scanInner(git);
    inner.push(...populated);
    const dirty = [...unmerged, ...work, ...repositories, ...uncommittedIn(inner), ...stray];
    if (dirty.length > 0) return kept('dirty', `${git.cwd} has uncommitted work: ${some(dirty)}`);
  }
  if (force.has('dirty')) inner.push(...(await scanGitlinks(git)));
  if (!force.has('unmerged')) {
    // Those of submodules are in the worktree's own git directory: see `secureInner`.
    const apart = inner.filter(({ place }) => isInside(place.gitDir, git.cwd));
    const paths = apart.map(({ path }) => path);
    if (paths.length > 0)
      return kept('unmerged', `${git.cwd} has repositories of their own in: ${some(paths)}`);
  }
  return null;
}

async function findUnmerged(
  git: Git,
  commits: readonly (CommitId | null)[],
  { containedIn, workspace, ...request }: RemoveRequest,
  force: Force,
): Promise<Kept | null> {
  if (force.has('unmerged')) return null;
  for (const commit of new Set(commits)) {
    if (commit === null) continue;
    if (containedIn !== undefined && (await isSafe(git, commit, { ...request, containedIn }))) continue;
    const where = containedIn === undefined ? 'anything that was named' : containedIn;
    return kept('unmerged', `${commit} (${workspace.branch ?? workspace.path}) is not contained in ${where}`);
  }
  return null;
}

async function headOf(git: Git, entry: WorktreeEntry | undefined): Promise<CommitId | null> {
  return entry === undefined ? resolveCommit(git, 'HEAD') : entry.headCommit;
}

/** A branch that is checked out in another worktree is not deleted. */
function branchInUse({ workspace }: WorktreeRecord, worktrees: readonly WorktreeEntry[]): Kept | null {
  const ref = `refs/heads/${workspace.branch}`;
  const users = worktrees.filter(({ branch, prunable }) => branch === ref && prunable === null);
  const other = users.find(({ path }) => path !== workspace.path);
  if (other === undefined) return null;
  const free = `git -C ${shellQuote(other.path)} checkout --detach`;
  return kept('in-use', `${workspace.branch} is checked out in ${other.path}. To free it: ${free}`);
}

function some(paths: readonly string[]): string {
  return paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
}

async function exists(path: string): Promise<boolean> {
  return access(diskPath(path)).then(
    () => true,
    () => false,
  );
}

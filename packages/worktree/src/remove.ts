import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId, RemoveOutcome, RemoveRequest, Workspace } from '@pwt/core';
import {
  deleteRef,
  type Git,
  isAncestor,
  listWorktrees,
  type PopulatedGitlink,
  readOperationState,
  resolveCommit,
  scanGitlinks,
  updateRef,
  type WorktreeEntry,
} from '@pwt/git';
import type { ProviderContext } from './context.js';
import { branchTip, unregister } from './discard.js';
import { examine, findMarkedGitDir } from './evidence.js';
import { uncommittedIn } from './inner/commit-inner.js';
import { secureInner } from './inner/secure-inner.js';
import { findLeftovers } from './leftovers.js';
import { isInside } from './location.js';
import type { WorktreeRecord } from './records.js';
import { examineOrAdopt } from './require-intact.js';

type Kept = Extract<RemoveOutcome, { status: 'kept' }>;
type Force = ReadonlySet<'dirty' | 'unmerged'>;

/**
 * Removes a task's worktree and branch, if it is certain that nothing is lost by it.
 *
 * The directory leaves its place by one rename into the trash; what was ignored in it stays there. With
 * `force: ['dirty']` all of its files stay there. With `force: ['unmerged']` its commits stay reachable from
 * `refs/pwt/<run>/snapshots/<task>/`. The branch is deleted only if it is still where it was when the check was
 * made.
 */
export async function removeTask(
  context: ProviderContext,
  record: WorktreeRecord,
  request: RemoveRequest,
): Promise<RemoveOutcome> {
  const force: Force = new Set(request.force);
  const evidence = await examineOrAdopt(context.git, context.commonDir, record);
  if (evidence.status === 'foreign') return kept('not-ours', evidence.message);
  if (evidence.status === 'broken')
    return kept('dirty', `${evidence.message}, so its work cannot be checked`);
  const worktrees = await listWorktrees(context.git);
  const own = worktrees.find(({ path }) => path === record.workspace.path);
  const ref = `refs/heads/${record.workspace.branch}`;
  // A worktree on its branch is where the branch is.
  const tip = own?.branch === ref ? own.headCommit : await branchTip(context, record);
  const head = evidence.status === 'intact' ? await headOf(evidence.git, own) : null;
  const inner: PopulatedGitlink[] = [];
  const obstacle =
    branchInUse(record, worktrees) ??
    (evidence.status === 'intact' ? await findObstacle(evidence, force, inner) : null) ??
    (await findUnmerged(context.git, [head, tip], request, force));
  if (obstacle !== null) return obstacle;
  if (force.has('unmerged')) await keepReachable(context.git, record.workspace, [head, tip]);
  if (evidence.status === 'intact') {
    const disturbed = await takeAway(context, record, { ...evidence, inner }, head, force);
    if (disturbed !== null) return disturbed;
  } else {
    // An earlier call may have come as far as taking the directory away.
    const gitDir = await findMarkedGitDir(context.commonDir, record.mark);
    const unsafe = gitDir === undefined ? null : await secureInner(context, gitDir, record.workspace);
    if (unsafe !== null) return unsafe;
  }
  await unregister(context, record);
  if (tip !== null) await deleteRef(context.git, { ref, oldValue: tip });
  await context.records.delete(record.workspace.id);
  return { status: evidence.status === 'gone' ? 'gone' : 'removed' };
}

/** Removes a scratch checkout, whatever a gate has done to its files. */
export async function removeScratch(
  context: ProviderContext,
  record: WorktreeRecord,
): Promise<RemoveOutcome> {
  const evidence = await examine(context.git, context.commonDir, record);
  if (evidence.status === 'foreign') return kept('not-ours', evidence.message);
  if (evidence.status !== 'gone') {
    const entry = await context.trash.take(record.workspace.path, record.workspace.id);
    await context.trash.delete(entry);
  }
  await unregister(context, record);
  await context.records.delete(record.workspace.id);
  return { status: evidence.status === 'gone' ? 'gone' : 'removed' };
}

/** @param inner is told what is checked out at gitlinks */
async function findObstacle(
  { git, gitDir }: { readonly git: Git; readonly gitDir: string },
  force: Force,
  inner: PopulatedGitlink[],
): Promise<Kept | null> {
  if (await exists(join(gitDir, 'locked')))
    return kept('in-use', `${git.cwd} is locked (git worktree unlock)`);
  if (!force.has('dirty')) {
    const { operation, indexLocked } = await readOperationState(git);
    if (operation !== null) return kept('in-use', `${git.cwd} is in the middle of a ${operation}`);
    if (indexLocked) return kept('in-use', `${git.cwd} is locked by a git process (index.lock)`);
    const { work, unmerged, repositories } = await findLeftovers(git);
    inner.push(...(await scanGitlinks(git)));
    const dirty = [...unmerged, ...work, ...repositories, ...uncommittedIn(inner)];
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
  { containedIn, workspace }: RemoveRequest,
  force: Force,
): Promise<Kept | null> {
  if (force.has('unmerged')) return null;
  for (const commit of new Set(commits)) {
    if (commit === null) continue;
    if (containedIn !== undefined && (await isAncestor(git, { ancestor: commit, descendant: containedIn })))
      continue;
    const where = containedIn === undefined ? 'anything that was named' : containedIn;
    return kept('unmerged', `${commit} (${workspace.branch ?? workspace.path}) is not contained in ${where}`);
  }
  return null;
}

/** Giving up a branch is no reason to lose its commits: a later `retry` or the user may want them. */
async function keepReachable(
  git: Git,
  { runId, taskId, id }: Workspace,
  commits: readonly (CommitId | null)[],
): Promise<void> {
  for (const commit of new Set(commits)) {
    if (commit === null) continue;
    const ref = `refs/pwt/${runId}/snapshots/${taskId ?? id}/${commit.slice(0, 12)}`;
    // An earlier call may have written it: it then holds the same commit.
    await updateRef(git, { ref, newValue: commit, oldValue: null });
  }
}

async function headOf(git: Git, entry: WorktreeEntry | undefined): Promise<CommitId | null> {
  return entry === undefined ? resolveCommit(git, 'HEAD') : entry.headCommit;
}

/** The branch may have been checked out elsewhere, to look at the work: deleting it there would hurt. */
function branchInUse({ workspace }: WorktreeRecord, worktrees: readonly WorktreeEntry[]): Kept | null {
  const ref = `refs/heads/${workspace.branch}`;
  const users = worktrees.filter(({ branch, prunable }) => branch === ref && prunable === null);
  const other = users.find(({ path }) => path !== workspace.path);
  return other === undefined ? null : kept('in-use', `${workspace.branch} is checked out in ${other.path}`);
}

/**
 * Moves the directory into the trash, looks once more, and puts it back if something has come in between.
 *
 * What stays in the trash is decided by that second look, when nobody finds the directory any more.
 */
async function takeAway(
  context: ProviderContext,
  { workspace }: WorktreeRecord,
  { gitDir, inner }: { readonly gitDir: string; readonly inner: readonly PopulatedGitlink[] },
  head: CommitId | null,
  force: Force,
): Promise<Kept | null> {
  const { git, commonDir, trash } = context;
  const entry = await trash.take(workspace.path, workspace.id);
  const moved = git.inWorktree({ path: entry.path, gitDir, commonDir });
  const { headCommit, work, unmerged, repositories, linksOut, ignored } = await findLeftovers(moved, {
    ignored: true,
  });
  const now = inner.length === 0 ? [] : await scanGitlinks(moved, { linkedFrom: workspace.path });
  const isDirty = work.length + unmerged.length + repositories.length + uncommittedIn(now).length > 0;
  const isDisturbed = (isDirty && !force.has('dirty')) || headCommit !== head;
  const obstacle = isDisturbed
    ? kept('in-use', `Somebody is still working in ${workspace.path}`)
    : await secureInner(context, gitDir, workspace);
  if (obstacle !== null) {
    await trash.giveBack(entry);
    return obstacle;
  }
  if (!isDirty) await trash.reduce(entry, [...ignored, ...linksOut]);
  return null;
}

function kept(reason: Kept['reason'], message: string): Kept {
  return { status: 'kept', reason, message };
}

function some(paths: readonly string[]): string {
  return paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

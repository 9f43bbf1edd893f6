import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type CreateWorkspaceRequest, hasCode, PwtError, type Workspace } from '@pwt/core';
import {
  isObjectId,
  listModules,
  readHead,
  readOperationState,
  requireCommit,
  seedModules,
  swapRef,
} from '@pwt/git';
import type { ProviderContext } from './context.js';
import { discard } from './discard.js';
import { type Evidence, examine } from './evidence.js';
import { hasIncludeFile } from './include.js';
import { findLeftovers, type Leftovers } from './leftovers.js';
import type { MadeWorktree } from './make-worktree.js';
import { prepareWorktree } from './prepare.js';
import type { WorktreeRecord } from './records.js';
import type { Kept } from './removable.js';
import { removeTask } from './remove.js';
import { readVisibleFiles, type VisibleFiles } from './visible-files.js';

type Intact = Extract<Evidence, { status: 'intact' }>;

/** As `list` gives it: a worktree that no task has got is no task's. */
export function asListed({ state, workspace }: WorktreeRecord): Workspace {
  if (state !== 'parked' || workspace.kind === 'scratch') return workspace;
  const { taskId, ...rest } = workspace;
  return { ...rest, kind: 'scratch' };
}

/**
 * Keeps a new or moved worktree for its task, together with what tells later whether it is untouched.
 *
 * @returns `undefined`, with nothing left, where that can't be told
 */
export async function park(
  context: ProviderContext,
  { record: { movedFrom, ...record }, setup }: MadeWorktree,
): Promise<Workspace | undefined> {
  const evidence = await examine(context.git, context.commonDir, record);
  const visible =
    record.visible ?? (evidence.status === 'intact' ? await visibleIn(evidence, record) : undefined);
  if (visible === undefined) {
    await discard(context, record, { keepFiles: false });
    return undefined;
  }
  const parked: WorktreeRecord = { ...record, state: 'parked', visible, ...(setup && { setup }) };
  await context.records.write(parked);
  return asListed(parked);
}

/**
 * The parked worktree of a task, at the base that is asked for: it is moved there if it is at another one. `undefined` if
 * it can't be used; then it is gone, and what it had beyond its set-up is in a snapshot.
 *
 * @throws PWT_ABORTED, PWT_SETUP_FAILED; then it is gone, too
 * @throws PWT_WORKTREE_EXISTS if it can't be removed
 */
export async function bringTo(
  context: ProviderContext,
  parked: WorktreeRecord,
  request: CreateWorkspaceRequest,
): Promise<MadeWorktree | undefined> {
  const { git, commonDir } = context;
  const base = isObjectId(request.base) ? request.base : await requireCommit(git, request.base);
  const evidence = await examine(git, commonDir, parked);
  const isThere = base === parked.workspace.base;
  const isReady = evidence.status === 'intact' && isThere && (await isUntouched(evidence, parked));
  if (isReady) return { record: parked, setup: parked.setup };
  // So far, nothing was changed.
  await request.recorded;
  if (evidence.status === 'intact' && !isThere) {
    const made = await move(context, evidence, parked, { ...request, base });
    if (made) return made;
  }
  const kept = await discardParked(context, parked);
  if (kept === undefined) return undefined;
  throw new PwtError(
    'PWT_WORKTREE_EXISTS',
    `${parked.workspace.path} was kept ready, and can't be used: ${kept.message}.`,
    {
      hint: kept.hint ?? 'Nothing of it was touched. See: git worktree list',
      data: { path: parked.workspace.path, reason: kept.reason },
    },
  );
}

/**
 * Removes a worktree that no task got. If it is not as it was left, what it has is put into a snapshot first, and ignored
 * files go to the trash.
 *
 * @returns why it is still there
 */
export async function discardParked(
  context: ProviderContext,
  parked: WorktreeRecord,
): Promise<Kept | undefined> {
  const evidence = await examine(context.git, context.commonDir, parked);
  if (evidence.status === 'foreign') {
    // Something else is in its place.
    await context.records.delete(parked.workspace.id);
    return undefined;
  }
  if (evidence.status === 'intact' && (await isUntouched(evidence, parked))) {
    await discard(context, parked, { keepFiles: false });
    return undefined;
  }
  const outcome = await removeTask(context, parked, {
    workspace: parked.workspace,
    force: ['dirty', 'unmerged'],
    containedIn: parked.workspace.base,
    reason: 'changed before its task got it',
  });
  return outcome.status === 'kept' ? outcome : undefined;
}

/** True if the worktree is as it was left: on its branch, at its base, with no change but those of its set-up. */
async function isUntouched(evidence: Intact, parked: WorktreeRecord): Promise<boolean> {
  const visible = await visibleIn(evidence, parked);
  return visible !== undefined && JSON.stringify(visible) === JSON.stringify(parked.visible);
}

/** What the worktree shows; `undefined` if it is not on its branch and at its base, or something is under way in it. */
async function visibleIn(
  { git, gitDir }: Intact,
  { workspace, hidden }: WorktreeRecord,
): Promise<VisibleFiles | undefined> {
  const { operation, indexLocked } = await readOperationState(git);
  if (operation !== null || indexLocked || (await isLocked(gitDir))) return undefined;
  const found: Leftovers = await findLeftovers(git, { ofSetup: hidden });
  if (found.headCommit !== workspace.base || found.headBranch !== `refs/heads/${workspace.branch}`)
    return undefined;
  return readVisibleFiles(workspace.path, found);
}

/** Moves a parked worktree; `undefined` if it can't be moved, or is not untouched. */
async function move(
  context: ProviderContext,
  evidence: Intact,
  parked: WorktreeRecord,
  request: CreateWorkspaceRequest,
): Promise<MadeWorktree | undefined> {
  const { git } = evidence;
  const { base } = request;
  const { setup, visible = {}, hidden, ...rest } = parked;
  // What set-up has done to tracked files, or to submodules, would get in the way.
  if (Object.keys(visible).length > 0 || hidden !== undefined) return undefined;
  if ((await listModules(evidence.gitDir)).length > 0) return undefined;
  const isEquipped =
    context.setup !== undefined || setup !== undefined || (await hasIncludeFile(context.git));
  // Ignored files go in a moment: before that, everything else is looked at. Without them, one look afterwards is enough.
  if (isEquipped && !(await isUntouched(evidence, parked))) return undefined;
  const moved: WorktreeRecord = {
    ...rest,
    state: 'creating',
    movedFrom: parked.workspace.base,
    workspace: { ...parked.workspace, base },
  };
  if (!(await checkOut(context, evidence, moved))) return undefined;
  if (!isEquipped) {
    if (!(await isUntouched(evidence, { ...moved, visible }))) return undefined;
    // The commits of submodules that the new base names, as a new worktree gets them.
    await seedModules(context.git, { commonDir: context.commonDir, gitDir: evidence.gitDir, commit: base });
    return { record: { ...moved, visible } };
  }
  try {
    await git.run(['clean', '-ffdxq']);
    const { setup: report, ...now } = await prepareWorktree(context, moved, request.abortSignal);
    return { record: { ...moved, ...now }, setup: report };
  } catch (error) {
    await discard(context, moved, { keepFiles: false });
    throw error;
  }
}

/**
 * Checks out another commit, and moves the branch there. Files that differ between the two commits are written, the
 * others are not touched: one that was changed stays as it is, or stops the move. No other branch can be moved by it.
 */
async function checkOut(
  { git: main, commonDir, records }: ProviderContext,
  { git }: Intact,
  moved: WorktreeRecord,
): Promise<boolean> {
  const { movedFrom: from = '', workspace } = moved;
  const ref = `refs/heads/${workspace.branch}`;
  const head = await readHead(git, commonDir);
  if (head?.branch !== ref || head.commit !== from) return false;
  await records.write(moved);
  try {
    await git.run(['read-tree', '-m', '-u', from, workspace.base]);
  } catch (error) {
    if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
    await requireCommit(main, workspace.base);
    return false;
  }
  const reflogMessage = 'pwt: moved before its task began';
  const outcome = await swapRef(main, { ref, newValue: workspace.base, oldValue: from, reflogMessage });
  return outcome.status === 'updated';
}

async function isLocked(gitDir: string): Promise<boolean> {
  return access(join(gitDir, 'locked')).then(
    () => true,
    () => false,
  );
}

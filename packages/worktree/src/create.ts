import {
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  defined,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import { KeyedMutex } from '@pwt/git';
import type { ProviderContext } from './context.js';
import { branchTip } from './discard.js';
import { examine } from './evidence.js';
import { type MadeWorktree, makeWorktree, workspaceId } from './make-worktree.js';
import { asListed, bringTo, park } from './parked.js';
import type { WorktreeRecord } from './records.js';
import { requireIntact } from './require-intact.js';

/** Calls for the worktree of one task take turns. */
const perTask = new KeyedMutex();

/**
 * Makes the worktree of a task, hands over the one that was made ready for it, or finds the one that this run has given
 * it before.
 *
 * A record reserves it before anything is made, and says `ready` only after the setup command. What an interrupted
 * call has left is discarded and made anew; what a failed or aborted call has made is discarded at once.
 */
export async function createWorkspace(
  context: ProviderContext,
  request: CreateWorkspaceRequest,
): Promise<CreatedWorkspace> {
  throwIfAborted(request.abortSignal);
  const id = workspaceId(request);
  return takingTurns(context, id, async () => {
    const found = await context.records.read(id);
    if (found?.state === 'ready' && !(await isGoneUnused(context, found))) {
      await requireIntact(context.git, context.commonDir, found);
      return { workspace: found.workspace };
    }
    const parked = found?.state === 'parked' ? found : undefined;
    const isThere = parked !== undefined && parked.workspace.base === request.base;
    if (!isThere) await request.recorded;
    const handedOver = isThere ? await handOver(context, parked, request) : undefined;
    if (handedOver !== undefined) return handedOver;
    const moved = parked !== undefined && !isThere ? await bringTo(context, parked, request) : undefined;
    const left = parked === undefined ? found : undefined;
    const made = moved ?? (await makeWorktree(context, request, left));
    await context.records.write(readyRecord(made));
    return created(made);
  });
}

/**
 * Hands over the worktree that is ready at the base that is asked for; `undefined` if it can't be used, as {@link bringTo}
 * says. Its new record is written while git looks whether the worktree is untouched, and counts only after that.
 */
async function handOver(
  context: ProviderContext,
  parked: WorktreeRecord,
  request: CreateWorkspaceRequest,
): Promise<CreatedWorkspace | undefined> {
  const [looked, drafted] = await Promise.allSettled([
    bringTo(context, parked, request),
    context.records.draft(readyRecord({ record: parked })),
  ]);
  try {
    await request.recorded;
    if (looked.status === 'fulfilled' && looked.value !== undefined) {
      if (drafted.status === 'rejected') throw drafted.reason;
      await drafted.value.apply();
      return created(looked.value);
    }
  } finally {
    if (drafted.status === 'fulfilled') await drafted.value.discard();
  }
  if (looked.status === 'rejected') throw looked.reason;
  return undefined;
}

function readyRecord({ record: { setup, visible, movedFrom, ...record } }: MadeWorktree): WorktreeRecord {
  return { ...record, state: 'ready' };
}

function created({ record, setup }: MadeWorktree): CreatedWorkspace {
  return { workspace: record.workspace, ...defined({ setup }) };
}

/**
 * Makes the worktree of a task that is not dispatched yet, or moves the one that is ready to another base.
 *
 * @returns `undefined` if the task has its worktree, or where it can't be told later whether a ready one is untouched
 */
export async function prepareWorkspace(
  context: ProviderContext,
  request: CreateWorkspaceRequest,
): Promise<Workspace | undefined> {
  throwIfAborted(request.abortSignal);
  const id = workspaceId(request);
  return takingTurns(context, id, async () => {
    const found = await context.records.read(id);
    if (found?.state === 'ready') return undefined;
    if (found?.state === 'parked' && found.workspace.base === request.base) return asListed(found);
    const moved = found?.state === 'parked' ? await bringTo(context, found, request) : undefined;
    const left = found?.state === 'parked' ? undefined : found;
    return park(context, moved ?? (await makeWorktree(context, request, left)));
  });
}

/** Runs an action for the worktree of a task after those that are under way. */
export async function takingTurns<T>(
  { commonDir }: ProviderContext,
  id: string,
  action: () => Promise<T>,
): Promise<T> {
  return perTask.run(`${commonDir}\0${id}`, action);
}

/** True if the worktree was deleted before anything was committed on its branch: then it can be made anew. */
async function isGoneUnused(context: ProviderContext, record: WorktreeRecord): Promise<boolean> {
  if ((await examine(context.git, context.commonDir, record)).status !== 'gone') return false;
  const tip = await branchTip(context, record);
  return tip === null || tip === record.workspace.base;
}

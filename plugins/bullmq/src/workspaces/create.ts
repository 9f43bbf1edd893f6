import {
  type CreatedWorkspace,
  type CreateWorkspaceRequest,
  defined,
  isTaskId,
  PwtError,
  shellQuote,
  throwIfAborted,
} from '@pwt/core';
import type { WorkspacesContext } from './context.js';
import type { Homes } from './homes.js';
import { place } from './place.js';
import { isHoused, type Placement, workspaceOf } from './placement.js';

/** Has the workspace of a task made, or finds the one that this run has on record, with a worker that is there. */
export async function createWorkspace(
  context: WorkspacesContext,
  homes: Homes,
  request: CreateWorkspaceRequest,
): Promise<CreatedWorkspace> {
  const { abortSignal, taskId, runId, base, title, runsOn = {} } = request;
  throwIfAborted(abortSignal);
  const id = workspaceId(request);
  const { placements } = context;
  // Between runs, too: a task has one workspace.
  return placements.inTurn(`@${taskId}`, async () => {
    const found = await placements.read(id);
    if (found !== undefined && isHoused(found))
      return again(context, homes, id, found.home.workspace.path, request);
    await request.recorded;
    await refuseOthers(context, request);
    const wanted: Placement = found ?? {
      ...{ v: 1, id, kind: 'task', runId, taskId, title, runsOn, start: base },
      ...{ homes: 0, launched: [], givenUp: [] },
    };
    const { placement, setup } = await placements.inTurn(id, () => place(context, wanted, { abortSignal }));
    return { workspace: workspaceOf(placement), ...defined({ setup }) };
  });
}

/** A worker that is not to be seen is asked, so that it is known whether it is lost. */
async function again(
  { fleet }: WorkspacesContext,
  homes: Homes,
  id: string,
  path: string,
  { abortSignal }: CreateWorkspaceRequest,
): Promise<CreatedWorkspace> {
  const waiting = defined({ abortSignal });
  return homes.with(
    { id, path },
    async (placement) => {
      const workspace = workspaceOf(placement);
      const connected = await fleet.workers();
      if (!connected.some((worker) => worker.id === placement.home.worker))
        await homes.callAt(placement, workspace, 'changes', {}, waiting);
      return { workspace };
    },
    waiting,
  );
}

/** The provider's key for the workspace of a task of a run; fit for files, jobs and refs. */
function workspaceId({ runId, taskId }: CreateWorkspaceRequest): string {
  for (const part of [runId, taskId]) {
    if (isTaskId(part)) continue;
    throw new PwtError('PWT_TASK_ID_INVALID', `Not usable as a name: ${JSON.stringify(part)}`, {
      hint: 'Ids are letters, digits, dots, dashes and underscores, 100 at most.',
      data: { id: part },
    });
  }
  return `${runId}.${taskId}`;
}

/** @throws PWT_WORKTREE_EXISTS with commands that make room and lose nothing */
async function refuseOthers(
  { placements }: WorkspacesContext,
  { runId, taskId }: CreateWorkspaceRequest,
): Promise<void> {
  const other = (await placements.ofTask(taskId)).find((one) => one.runId !== runId);
  if (other === undefined) return;
  const where = other.home === undefined ? '' : ` on ${other.home.worker}`;
  const task = shellQuote(taskId);
  throw new PwtError(
    'PWT_WORKTREE_EXISTS',
    `Task ${taskId} has a workspace${where} already, made by run ${other.runId}.`,
    {
      hint: `If its work has landed: pwt clean ${task}. Otherwise, to keep its work in a snapshot: pwt clean --force-dirty --force-unmerged ${task}`,
      data: { runId: other.runId, taskId, host: other.home?.worker ?? null },
    },
  );
}

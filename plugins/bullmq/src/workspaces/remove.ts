import {
  type CommitId,
  defined,
  hasCode,
  type RemoveOutcome,
  type RemoveRequest,
  type Snapshot,
  shellQuote,
} from '@pwt/core';
import { dropRef, isAncestor, listRefs } from '@pwt/git';
import type { WorkspacesContext } from './context.js';
import type { Homes } from './homes.js';
import { keepSnapshotOf } from './keep.js';
import { localRefs } from './local-refs.js';
import { type Housed, isHoused, type Placement, PROVIDER_NAME } from './placement.js';

type Kept = Extract<RemoveOutcome, { readonly status: 'kept' }>;

/**
 * Has a workspace removed by its worker, on the same evidence as a local one. What the removal gives up is on the exchange before it
 * goes, and in the project's repository before this ends; a call that follows on an interrupted one takes it.
 */
export async function removeWorkspace(
  context: WorkspacesContext,
  homes: Homes,
  request: RemoveRequest,
): Promise<RemoveOutcome> {
  const { placements } = context;
  return placements.inTurn(request.workspace.id, () =>
    ifConnected(context, request, async (placement) => {
      const { outcome, snapshotRef } = await homes.callAt(
        ...[placement, request.workspace, 'remove' as const, await evidence(context, request)],
      );
      if (outcome.status === 'kept') return explained(placement, outcome);
      const { snapshot: taken } = outcome;
      const snapshot = taken && (await keep(context, placement, taken.commit, snapshotRef));
      await dropRefs(context, placement, safeCommits(request, outcome, snapshot));
      await placements.delete(placement.id);
      return { status: outcome.status, ...defined({ snapshot }) };
    }),
  );
}

/** What {@link removeWorkspace} would answer. Changes nothing. */
export async function foreseeRemoval(
  context: WorkspacesContext,
  homes: Homes,
  request: RemoveRequest,
): Promise<RemoveOutcome> {
  return ifConnected(context, request, async (placement) => {
    const asked = await evidence(context, request);
    const outcome = await homes.callAt(placement, request.workspace, 'foresee', asked);
    return outcome.status === 'kept' ? explained(placement, outcome) : outcome;
  });
}

async function ifConnected(
  { placements, fleet }: WorkspacesContext,
  { workspace }: RemoveRequest,
  action: (placement: Housed) => Promise<RemoveOutcome>,
): Promise<RemoveOutcome> {
  const placement = await placements.read(workspace.id);
  if (placement === undefined) {
    if (workspace.provider === PROVIDER_NAME) return { status: 'gone' };
    return kept('not-ours', `${workspace.path} was made by ${workspace.provider}`);
  }
  if (!isHoused(placement)) return kept('in-use', `${workspace.id} is being made by a worker`);
  const connected = await fleet.workers();
  if (!connected.some(({ id }) => id === placement.home.worker)) return notConnected(placement);
  try {
    return await action(placement);
  } catch (error) {
    if (hasCode(error, 'PWT_WORKER_LOST')) return notConnected(placement);
    throw error;
  }
}

/**
 * What the worker needs to judge. The target brings what the work landed as; of the work itself, the worker that made it has the
 * commits. One that has not asks for them.
 */
async function evidence(
  { exchange }: WorkspacesContext,
  { workspace, containedIn, landedAs, force, reason }: RemoveRequest,
) {
  if (containedIn !== undefined) await exchange.offer(workspace.runId, containedIn);
  return defined({ containedIn, landedAs, force, reason });
}

function keep(
  context: WorkspacesContext,
  { runId, taskId, leftOf }: Placement,
  commit: CommitId,
  ref: string | undefined,
): Promise<Snapshot> {
  return keepSnapshotOf(context, { runId, taskId: taskId ?? leftOf ?? '' }, commit, ref);
}

/** Commits in which the work of a removed workspace is safe. */
function safeCommits(
  { containedIn, landedAs, force = [] }: RemoveRequest,
  { status }: RemoveOutcome,
  snapshot: Snapshot | undefined,
): readonly (CommitId | undefined)[] {
  // The worker has found that it has landed; with `force`, or where nothing was left to look at, it has not looked.
  const isProven = status === 'removed' && force.length === 0;
  return [containedIn, snapshot?.commit, isProven ? landedAs?.commit : undefined];
}

/** Drops what was kept of a task's work, where it is safe. */
async function dropRefs(
  { git }: WorkspacesContext,
  { kind, runId, taskId }: Placement,
  safeIn: readonly (CommitId | undefined)[],
): Promise<void> {
  if (kind !== 'task' || taskId === undefined) return;
  for (const { ref, id } of await listRefs(git, localRefs.ofTask(runId, taskId))) {
    for (const commit of safeIn) {
      if (commit === undefined || !(await isAncestor(git, { ancestor: id, descendant: commit }))) continue;
      await dropRef(git, { ref, oldValue: id });
      break;
    }
  }
}

/** Paths and commands in what a worker says are for its own machine. */
function explained({ home }: Housed, { message, hint, ...outcome }: Kept): Kept {
  const where = `on ${home.worker}`;
  return {
    ...outcome,
    message: `${where}: ${message}`,
    ...(hint === undefined ? {} : { hint: `${where}: ${hint}` }),
  };
}

function notConnected({ home, taskId, id }: Housed): Kept {
  const what = taskId === undefined ? id : `the workspace of task ${taskId}`;
  const again = `pwt worker --name ${shellQuote(home.worker)}`;
  return {
    ...kept('in-use', `${what} is on the worker ${home.worker}, which is not connected`),
    hint: `Start it again on its machine, or under its name on another one if that machine is gone for good: ${again}`,
  };
}

function kept(reason: Kept['reason'], message: string): Kept {
  return { status: 'kept', reason, message };
}

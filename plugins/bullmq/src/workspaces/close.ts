import { type CommitId, hasCode, shellQuote } from '@pwt/core';
import type { Standing } from '../exchange/exchange.js';
import type { WorkspacesContext } from './context.js';
import type { Homes } from './homes.js';
import { findKnownWork } from './known-work.js';
import { lateText } from './late-work.js';
import { isHoused, type Placement, workspaceOf } from './placement.js';
import { removeWorkspace } from './remove.js';

export interface Closing {
  readonly runId: string;
  readonly landed?: CommitId | undefined;
  readonly standing: (taskId: string) => Promise<Standing>;
}

/**
 * Has every worker that has the repository close a run, removes what lost workers have left where they are back, and then removes
 * the run's refs on the exchange: those that may still be needed to make a workspace again stay.
 */
export async function closeRun(
  context: WorkspacesContext,
  homes: Homes,
  { runId, landed, standing }: Closing,
): Promise<void> {
  const { fleet, exchange, repository, placements, warn } = context;
  for (const placement of await placements.list(runId)) {
    if (placement.leftOf === undefined || !isHoused(placement)) continue;
    const how = { force: ['dirty', 'unmerged'], reason: 'left by a lost worker' } as const;
    await removeWorkspace(context, homes, { workspace: workspaceOf(placement), ...how });
  }
  if (landed !== undefined) await exchange.offer(runId, landed);
  const request = { v: 1, repository, runId, ...(landed !== undefined && { landed }) } as const;
  const workers = (await fleet.workers()).filter(({ repositories }) => repositories.includes(repository));
  await Promise.all(
    workers.map(({ id }) =>
      fleet.call(id, 'close', request).catch((error: unknown) => {
        if (!hasCode(error, 'PWT_WORKER_LOST')) throw error;
        warn(`The worker ${id} was lost before it could tidy up after run ${runId}.`);
      }),
    ),
  );
  const late = await exchange.lateOf(runId);
  for (const one of late) warn(`${lateText(one)} To see it: pwt restore ${shellQuote(one.attempt.taskId)}`);
  const left = await placements.list(runId);
  const secured = await Promise.all(left.map((placement) => secure(context, placement)));
  if (!secured.every(Boolean)) return;
  // Each has its last work here by now.
  const here = new Set(left.flatMap(({ taskId, leftOf }) => (leftOf === undefined ? [taskId] : [])));
  await exchange.release(runId, async (taskId) => (here.has(taskId) ? 'safe' : standing(taskId)));
}

/**
 * Takes the last that a workspace's worker has pushed into the project's repository, so that it can be made again from there. False if an
 * agent may still be at work.
 */
async function secure(context: WorkspacesContext, placement: Placement): Promise<boolean> {
  const { launched, ended = 0, saved, placing, leftOf } = placement;
  if (leftOf !== undefined) return true;
  const last = Math.max(0, ...launched);
  if (placing !== undefined || last > ended) return false;
  if (last > (saved?.after ?? 0)) await findKnownWork(context, placement);
  return true;
}

import {
  type CollectOutcome,
  type CollectRequest,
  defined,
  type Finding,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import type { Collected } from '../protocol/operations.js';
import type { WorkspacesContext } from './context.js';
import type { Homes } from './homes.js';
import { keepCommit, keepSnapshotOf } from './keep.js';
import { lateFindings } from './late-work.js';
import type { Housed } from './placement.js';

/** Has the work of a workspace committed by its worker, and takes it into the project's repository. */
export async function collectWork(
  context: WorkspacesContext,
  homes: Homes,
  { workspace, message, intruded, abortSignal }: CollectRequest,
): Promise<CollectOutcome> {
  throwIfAborted(abortSignal);
  const waiting = defined({ abortSignal });
  return homes.with(
    workspace,
    async (placement) => {
      const asked = { message, ...defined({ intruded }) };
      const collected = await homes.callAt(placement, workspace, 'collect', asked, waiting);
      return take(context, workspace, placement, collected);
    },
    waiting,
  );
}

async function take(
  context: WorkspacesContext,
  { base }: Workspace,
  placement: Housed,
  { outcome, ref, snapshotRef }: Collected,
): Promise<CollectOutcome> {
  const { id, runId, taskId = '', launched, givenUp, home, homes } = placement;
  const whose = { runId, taskId };
  if (outcome.status === 'collected') {
    await keepCommit(context, whose, outcome.commit, ref);
    const saved = { after: Math.max(0, ...launched), commit: outcome.commit, shape: 'commit' } as const;
    await context.placements.saved(id, saved);
    await context.placements.made(id, { commit: outcome.commit, at: homes });
  }
  const { snapshot: taken, ...rest } = outcome;
  const snapshot = taken && (await keepSnapshotOf(context, whose, taken.commit, snapshotRef));
  const late = givenUp.length === 0 ? [] : await lateFindings(context, runId, taskId, base);
  const findings = [...(outcome.findings ?? []).map((one) => onWorker(home.worker, one)), ...late];
  return { ...rest, ...(findings.length > 0 && { findings }), ...defined({ snapshot }) } as CollectOutcome;
}

/** Paths and commands in what a worker says are for its own machine. */
function onWorker(worker: string, { hint, ...finding }: Finding): Finding {
  return { ...finding, ...(hint === undefined ? {} : { hint: `on ${worker}: ${hint}` }) };
}

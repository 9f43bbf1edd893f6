import { hasCode, type RemoveOutcome, type RemoveRequest, type TaskState, type Workspace } from '@pwt/core';
import { checkRemoved, checkWorkspace } from '../contract-check.js';
import { reasonOf } from '../reason-of.js';
import type { RunContext } from '../run/run-context.js';
import { recordSnapshot } from './keep-work.js';

/** Deletes the run's own refs once all that they hold is on the target. */
export async function closeRefs(context: RunContext): Promise<void> {
  const { runId, log, parts } = context;
  const { landedTip } = log.run;
  if (!isAllLanded(context)) return;
  await tidyUp(context, async () => {
    // A provider may note in refs of the run what it has yet to remove elsewhere; the merger deletes all that are landed.
    await parts.provider.close?.({ runId, landed: landedTip });
    await parts.merger.close({ runId, landed: landedTip });
  });
}

/** Ends a run's use of the provider, once: a close may ask other machines. Where all has landed, its refs are deleted, too. */
export async function closeProvider(
  context: RunContext,
  { isOver }: { readonly isOver: boolean },
): Promise<void> {
  const { runId, parts } = context;
  if (isOver && isAllLanded(context)) await closeRefs(context);
  else await tidyUp(context, async () => parts.provider.close?.({ runId }));
}

function isAllLanded({ log }: RunContext): boolean {
  const { landedTip, integration } = log.run;
  return landedTip === integration;
}

/**
 * Removes the workspace of the earlier attempt before a new one; the provider takes a snapshot first. `undefined` if there
 * is no workspace. One that can't be removed stays as it is.
 */
export async function discardWorkspace(
  context: RunContext,
  task: TaskState,
  reason: string,
): Promise<RemoveOutcome | undefined> {
  if (!task.workspace || task.workspaceGone) return undefined;
  const how = { force: ['dirty', 'unmerged'], reason } as const;
  return removeWorkspace(context, task.task.id, task.workspace, how);
}

/** Removes the scratch checkouts that gates of this run have used. */
export async function removeScratch(context: RunContext): Promise<void> {
  const { provider } = context.parts;
  for (const found of await provider.list({ runId: context.runId })) {
    const workspace = checkWorkspace(provider.name, 'list', found);
    if (workspace.kind !== 'scratch' || workspace.runId !== context.runId) continue;
    await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
  }
}

/** Runs a clean-up. A failure is reported and does not change the outcome of the run. */
export async function tidyUp(context: RunContext, job: () => Promise<void>): Promise<void> {
  try {
    await job();
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    const message = `Something of this run could not be removed: ${reasonOf(error)}`;
    await context.log.append({
      type: 'warning',
      diagnostic: { code: 'PWT_CLEANUP_FAILED', severity: 'warning', message, hint: 'pwt clean' },
    });
  }
}

/** Removes a workspace; records the intent, the fact, and the snapshot that the provider took. */
export async function removeWorkspace(
  context: RunContext,
  taskId: string,
  workspace: Workspace,
  how: Omit<RemoveRequest, 'workspace'>,
): Promise<RemoveOutcome> {
  await context.log.append({ type: 'workspace-removing', taskId, workspace });
  const { provider } = context.parts;
  const outcome = checkRemoved(provider.name, await provider.remove({ workspace, ...how }));
  if (outcome.status !== 'kept' && outcome.snapshot !== undefined)
    await recordSnapshot(context, taskId, outcome.snapshot, how.reason ?? 'before removal');
  await context.log.append({ type: 'workspace-removed', taskId, outcome });
  return outcome;
}

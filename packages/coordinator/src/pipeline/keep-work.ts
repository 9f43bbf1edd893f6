import { hasCode, placeText, type Snapshot, type TaskOutcomeStatus } from '@pwt/core';
import { checkSnapshot } from '../contract-check.js';
import { reasonOf } from '../reason-of.js';
import type { RunContext } from '../run/run-context.js';

/**
 * Takes a snapshot of what an agent left uncommitted, if its work is not going to be collected. The workspace stays as it
 * is. Does nothing for a task that had no agent. A failure is reported; the workspace still has everything.
 */
export async function keepWork(
  context: RunContext,
  taskId: string,
  ending: TaskOutcomeStatus | 'stopped',
): Promise<void> {
  const { provider } = context.parts;
  const task = context.log.task(taskId);
  const { workspace, exit, workspaceGone } = task;
  if (provider.snapshot === undefined || !workspace || workspaceGone || exit === undefined) return;
  const reason = exit.kind === 'lost' ? 'lost' : ending;
  try {
    const snapshot = await provider.snapshot({ workspace, reason });
    if (snapshot !== undefined) await recordSnapshot(context, taskId, snapshot, reason);
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    const message = `What task ${taskId} has left could not be kept in a snapshot, and stays in ${placeText(workspace)}: ${reasonOf(error)}`;
    await context.log.append({
      type: 'warning',
      diagnostic: { code: 'PWT_SNAPSHOT_FAILED', severity: 'warning', taskIds: [taskId], message },
    });
  }
}

/** Records a snapshot, once. */
export async function recordSnapshot(
  { log, parts }: RunContext,
  taskId: string,
  snapshot: Snapshot,
  reason: string,
): Promise<void> {
  const { ref, commit } = checkSnapshot(parts.provider.name, snapshot);
  if (log.state.snapshots.some((known) => known.ref === ref && known.commit === commit)) return;
  await log.append({ type: 'snapshot-taken', taskId, ref, commit, reason });
}

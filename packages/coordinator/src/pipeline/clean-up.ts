import { hasCode, type TaskState, type Workspace } from '@pwt/core';
import { checkWorkspace } from '../contract-check.js';
import type { RunContext } from '../run-context.js';
import { reasonOf } from './finish.js';

/** Removes the workspaces of tasks whose work is on the target. The provider checks that for itself. */
export async function removeLanded(context: RunContext): Promise<void> {
  const { landedTip, tasks } = context.log.state;
  if (landedTip === undefined) return;
  for (const task of [...tasks.values()]) {
    if (task.outcome !== 'landed' || !task.workspace || task.workspaceGone) continue;
    await removeWorkspace(context, task.task.id, task.workspace, { containedIn: landedTip });
  }
}

/**
 * Makes room for a fresh attempt. The provider keeps what the earlier attempt left before it removes it.
 * False if the workspace could not be removed; the task is then left as it is.
 */
export async function discardWorkspace(context: RunContext, task: TaskState): Promise<boolean> {
  if (!task.workspace || task.workspaceGone) return true;
  const outcome = await removeWorkspace(context, task.task.id, task.workspace, {
    force: ['dirty', 'unmerged'],
  });
  return outcome.status !== 'kept';
}

/** Removes the scratch checkouts that gates of this run have used. */
export async function removeScratch(context: RunContext): Promise<void> {
  const { provider } = context.parts;
  for (const found of await provider.list({ runId: context.runId })) {
    const workspace = checkWorkspace(provider.name, 'list', found);
    if (workspace.kind !== 'scratch' || workspace.runId !== context.runId) continue;
    await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
  }
  await provider.close?.({ runId: context.runId });
}

/** Does what is nice to have: if it fails, that is said, and the run's outcome stays what it is. */
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

async function removeWorkspace(
  context: RunContext,
  taskId: string,
  workspace: Workspace,
  how: { readonly containedIn?: string; readonly force?: readonly ('dirty' | 'unmerged')[] },
) {
  await context.log.append({ type: 'workspace-removing', taskId, workspace });
  const outcome = await context.parts.provider.remove({ workspace, ...how });
  await context.log.append({ type: 'workspace-removed', taskId, outcome });
  return outcome;
}

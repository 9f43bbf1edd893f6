import { type Expiry, tokens } from '@pwt/core';
import { readLockHolder, releaseStaleLock } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';
import { selectTasks } from '../plan/select-tasks.js';
import { type CleanedWorkspace, cleanWorkspaces, type Force, targetTips } from './clean-workspaces.js';

export interface CleanRequest {
  /** As a user types them. @default all */
  readonly taskIds?: readonly string[];
  /** The losses that are accepted, each by its name. */
  readonly force?: readonly Force[];
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

export interface Cleaned {
  readonly workspaces: readonly CleanedWorkspace[];
  /** What is kept for a time. */
  readonly kept: readonly Expiry[];
}

/** Removes worktrees and branches whose work is safe, a stale lock, and what was kept long enough. */
export async function clean(context: OperationContext, request: CleanRequest = {}): Promise<Cleaned> {
  const { project, config, runs, warn } = context;
  const { taskIds = [], dryRun = false, force = [] } = request;
  const { container } = await context.compose();
  const provider = await container.resolve(tokens.workspaceProvider);
  const { recovery } = project.git;
  recovery?.onRecovered(({ message }) => warn(message));
  if (!dryRun && !(await readLockHolder(project))?.alive) await recovery?.settle();
  const select = taskIds.length === 0 ? undefined : await selectTasks(context, taskIds);
  const workspaces = await cleanWorkspaces({ project, provider, runs, force, dryRun, select });
  if (!dryRun) await releaseStaleLock(project);
  const kept = await provider.expire?.({
    olderThanDays: config.trashDays,
    containedIn: await targetTips({ project, runs }),
    dryRun,
  });
  return { workspaces, kept: kept ?? [] };
}

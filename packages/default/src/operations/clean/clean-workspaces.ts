import {
  defined,
  hasCode,
  type LandedAs,
  landedAs,
  type RemoveOutcome,
  type RemoveRequest,
  type Workspace,
  type WorkspaceProvider,
} from '@pwt/core';
import { resolveCommit } from '@pwt/git';
import type { Project } from '../../project/project.js';
import { readLockHolder } from '../../project/run-lock.js';
import type { RunStore } from '../../project/run-store.js';
import type { SelectTasks } from '../plan/select-tasks.js';
import { findUsers } from './in-use.js';

export type Force = 'dirty' | 'unmerged';

export interface CleanWorkspacesRequest {
  readonly project: Project;
  readonly provider: WorkspaceProvider;
  readonly runs: RunStore;
  /** Says which tasks' workspaces are meant, given those there are. @default all */
  readonly select?: SelectTasks | undefined;
  /** The losses that are accepted, each by its name. */
  readonly force?: readonly Force[];
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** What became of one workspace, or would; `unforeseen` if its provider can't tell before. */
export interface CleanedWorkspace {
  readonly workspace: Workspace;
  readonly outcome: RemoveOutcome | { readonly status: 'would-remove' | 'unforeseen' };
}

/**
 * Removes workspaces that pwt has made, each only if its work is contained in the branch it was made for, squashed or
 * rebased work included.
 * Those that are in use are left alone, whatever the losses that are accepted; see {@link findUsers}.
 */
export async function cleanWorkspaces(request: CleanWorkspacesRequest): Promise<CleanedWorkspace[]> {
  const { project, provider, runs, select, force = [], dryRun = false } = request;
  const holder = await readLockHolder(project);
  const inUse = findUsers(runs, holder?.alive ? holder.runId : undefined);
  const targets = new Map<string, Promise<string | undefined>>();
  const cleaned: CleanedWorkspace[] = [];
  const workspaces = await provider.list();
  const wantedTasks = select?.(
    workspaces.flatMap(({ taskId }) => (taskId === undefined ? [] : [{ id: taskId }])),
  );
  for (const workspace of workspaces) {
    if (wantedTasks !== undefined && !wantedTasks.includes(workspace.taskId ?? '')) continue;
    const message = await inUse(workspace);
    if (message !== undefined) {
      cleaned.push({ workspace, outcome: { status: 'kept', reason: 'in-use', message } });
      continue;
    }
    if (!targets.has(workspace.runId)) targets.set(workspace.runId, targetTip(request, workspace.runId));
    const containedIn = await targets.get(workspace.runId);
    const wanted = {
      workspace,
      force: workspace.kind === 'scratch' ? (['dirty', 'unmerged'] as const) : force,
      reason: 'before pwt clean',
      ...defined({ containedIn, landedAs: await recordedAs(runs, workspace) }),
    };
    const outcome = dryRun ? await foresee(provider, wanted) : await provider.remove(wanted);
    cleaned.push({ workspace, outcome });
  }
  return cleaned;
}

/** As which commit the work of a workspace was integrated, as its run has recorded it. */
async function recordedAs(runs: RunStore, { runId, taskId }: Workspace): Promise<LandedAs | undefined> {
  try {
    const { tasks, options = {} } = (await runs.readable(runId)).state;
    const task = tasks.get(taskId ?? '');
    return task?.phase === 'integrated' ? landedAs(task, options) : undefined;
  } catch (error) {
    if (hasCode(error, 'PWT_RUN_UNKNOWN')) return undefined;
    throw error;
  }
}

/** Where the branch is now that a run was to land on, or the current one if the run left no record. */
async function targetTip(
  { project, runs }: Pick<CleanWorkspacesRequest, 'project' | 'runs'>,
  runId: string,
): Promise<string | undefined> {
  try {
    const { target } = (await runs.readable(runId)).state;
    const tip = target === undefined ? null : await resolveCommit(project.git, `refs/heads/${target}`);
    if (tip !== null) return tip;
  } catch (error) {
    if (!hasCode(error, 'PWT_RUN_UNKNOWN')) throw error;
  }
  return project.repository.headCommit ?? undefined;
}

/** Where the targets of runs are now, as far as they are known: what is contained in them is safe. */
export async function targetTips(
  request: Pick<CleanWorkspacesRequest, 'project' | 'runs'>,
): Promise<Record<string, string>> {
  const tips: Record<string, string> = {};
  for (const runId of await request.runs.list()) {
    const tip = await targetTip(request, runId);
    if (tip !== undefined) tips[runId] = tip;
  }
  return tips;
}

async function foresee(
  provider: WorkspaceProvider,
  request: RemoveRequest,
): Promise<CleanedWorkspace['outcome']> {
  if (provider.foresee === undefined) return { status: 'unforeseen' };
  const outcome = await provider.foresee(request);
  return outcome.status === 'kept' ? outcome : { status: 'would-remove' };
}

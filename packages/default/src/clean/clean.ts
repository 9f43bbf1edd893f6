import { hasCode, type RemoveOutcome, type Workspace, type WorkspaceProvider } from '@pwt/core';
import { isAncestor, readStatus, resolveCommit } from '@pwt/git';
import type { Project } from '../project/project.js';
import { readLockHolder } from '../run/run-lock.js';
import type { RunStore } from '../run/run-store.js';

export type Force = 'dirty' | 'unmerged';

export interface CleanRequest {
  readonly project: Project;
  readonly provider: WorkspaceProvider;
  readonly runs: RunStore;
  /** Says which tasks' workspaces are meant, given those there are. @default all */
  readonly select?: (exists: (id: string) => boolean) => readonly string[];
  /** The losses that are accepted, each by its name. */
  readonly force?: readonly Force[];
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean;
}

/** What became of one workspace, or would. */
export interface CleanedWorkspace {
  readonly workspace: Workspace;
  readonly outcome: RemoveOutcome | { readonly status: 'would-remove' };
}

/**
 * Removes workspaces that pwt has made, each only if its work is contained in the branch it was made for.
 * Those of a run that is active are left alone.
 */
export async function cleanWorkspaces(request: CleanRequest): Promise<CleanedWorkspace[]> {
  const { project, provider, select, force = [], dryRun = false } = request;
  const holder = await readLockHolder(project);
  const activeRun = holder?.alive ? holder.runId : undefined;
  const targets = new Map<string, Promise<string | undefined>>();
  const cleaned: CleanedWorkspace[] = [];
  const workspaces = await provider.list();
  const wantedTasks = select?.((id) => workspaces.some(({ taskId }) => taskId === id));
  for (const workspace of workspaces) {
    if (wantedTasks !== undefined && !wantedTasks.includes(workspace.taskId ?? '')) continue;
    if (workspace.runId === activeRun) {
      cleaned.push({ workspace, outcome: inUse(workspace) });
      continue;
    }
    if (!targets.has(workspace.runId)) targets.set(workspace.runId, targetTip(request, workspace.runId));
    const containedIn = await targets.get(workspace.runId);
    const wanted = {
      workspace,
      force: workspace.kind === 'scratch' ? (['dirty', 'unmerged'] as const) : force,
      ...(containedIn === undefined ? {} : { containedIn }),
    };
    const outcome = dryRun ? await foresee(project, wanted) : await provider.remove(wanted);
    cleaned.push({ workspace, outcome });
  }
  return cleaned;
}

/** Where the branch is now that a run was to land on, or the current one if the run left no record. */
async function targetTip({ project, runs }: CleanRequest, runId: string): Promise<string | undefined> {
  try {
    const { target } = (await runs.readable(runId)).state;
    const tip = target === undefined ? null : await resolveCommit(project.git, `refs/heads/${target}`);
    if (tip !== null) return tip;
  } catch (error) {
    if (!hasCode(error, 'PWT_RUN_UNKNOWN')) throw error;
  }
  return project.repository.headCommit ?? undefined;
}

interface Removal {
  readonly workspace: Workspace;
  readonly force: readonly Force[];
  readonly containedIn?: string;
}

/** What the provider is going to say, as far as it can be seen from outside. */
async function foresee(
  project: Project,
  { workspace, force, containedIn }: Removal,
): Promise<CleanedWorkspace['outcome']> {
  const { git, repository, stateDir } = project;
  const head =
    workspace.branch === undefined ? null : await resolveCommit(git, `refs/heads/${workspace.branch}`);
  if (head !== null && !force.includes('unmerged')) {
    const isIn =
      containedIn !== undefined && (await isAncestor(git, { ancestor: head, descendant: containedIn }));
    if (!isIn) return kept('unmerged', `${workspace.branch ?? ''} has commits that are not on its target`);
  }
  if (!force.includes('dirty')) {
    const { openWorktree } = await import('@pwt/worktree');
    const worktree = await openWorktree({ git, commonDir: repository.commonDir, stateDir }, workspace);
    const entries = worktree === undefined ? [] : await readStatus(worktree);
    if (entries.length > 0) return kept('dirty', `${workspace.path} has uncommitted work`);
  }
  return { status: 'would-remove' };
}

function inUse(workspace: Workspace): RemoveOutcome {
  return kept('in-use', `run ${workspace.runId} is active`);
}

function kept(reason: 'dirty' | 'unmerged' | 'in-use', message: string): RemoveOutcome {
  return { status: 'kept', reason, message };
}

import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { isElsewhere, type LiveWork, type StartedRun, type TaskState, tokens } from '@pwt/core';
import { listWorktrees, type WorktreeEntry } from '@pwt/git';
import type { OperationContext } from '../operation-context.js';

/** A checkout of the repository, as `pwt radar` names it. */
export interface Checkout extends LiveWork {
  /** Without `refs/heads/`; `null` if HEAD is detached. */
  readonly branch: string | null;
  /** The task of the run whose worktree it is. */
  readonly task?: TaskState;
}

/**
 * Every checkout of the repository in which somebody may be at work: the user's own and all worktrees, without those that
 * pwt keeps for gates and for tasks that have not begun.
 */
export async function liveCheckouts(
  { project, compose }: OperationContext,
  run: StartedRun | undefined,
): Promise<readonly Checkout[]> {
  const { container } = await compose();
  const provider = await container.resolve(tokens.workspaceProvider);
  const [entries, workspaces] = await Promise.all([
    listWorktrees(project.git, { commonDir: project.repository.commonDir }),
    provider.list(),
  ]);
  const scratch = new Set(
    await Promise.all(
      workspaces
        .filter((workspace) => workspace.kind === 'scratch' && !isElsewhere(workspace))
        .map(({ path }) => physical(path)),
    ),
  );
  const tasks = await tasksByPath(run);
  const names = new Map<string, number>();
  const found: Checkout[] = [];
  for (const entry of entries) {
    const path = await physical(entry.path);
    if (!entry.present || entry.bare || entry.headCommit === null || scratch.has(path)) continue;
    const task = tasks.get(path);
    const name = task?.task.id ?? nameOf(entry);
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const id = count === 1 ? name : `${name} (${entry.path})`;
    found.push({ id, path: entry.path, branch: branchOf(entry), ...(task && { task }) });
  }
  return found;
}

/** The worktrees of a run's tasks, by path. */
async function tasksByPath(run: StartedRun | undefined): Promise<ReadonlyMap<string, TaskState>> {
  const tasks = [...(run?.tasks.values() ?? [])];
  const found = tasks.flatMap((task) => {
    const { workspace, workspaceGone } = task;
    const isHere = workspace !== undefined && workspaceGone !== true && !isElsewhere(workspace);
    return isHere ? [{ task, path: workspace.path }] : [];
  });
  return new Map(
    await Promise.all(found.map(async ({ task, path }) => [await physical(path), task] as const)),
  );
}

function nameOf(entry: WorktreeEntry): string {
  return branchOf(entry) ?? basename(entry.path);
}

function branchOf({ branch }: WorktreeEntry): string | null {
  return branch?.replace(/^refs\/heads\//, '') ?? null;
}

async function physical(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

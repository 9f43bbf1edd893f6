import type { TaskState } from '@pwt/core';
import { mergeBaseTree, resolveCommit, writeWorktreeTree } from '@pwt/git';
import type { Project } from '../../project/project.js';

/**
 * What a task has changed so far, as git prints it: its commit if it has one, else what lies in its worktree
 * right now, untracked files included. Changes nothing, and works beside a busy agent.
 *
 * @returns `undefined` if the task has not begun, or if nothing is left to look at
 */
export async function taskDiff(
  project: Project,
  task: TaskState,
  options: { readonly stat?: boolean } = {},
): Promise<string | undefined> {
  const { base, commit } = task;
  const work = commit === undefined ? await worktreeState(project, task) : { head: commit, tree: commit };
  if (base === undefined || work === undefined) return undefined;
  // As `WorkspaceProvider.changes` measures it: what the base has and the work has not is no change.
  const from = work.head === null ? null : await mergeBaseTree(project.git, base, work.head);
  const { stdout } = await project.git.run([
    'diff',
    '--no-ext-diff',
    '--color=never',
    ...(options.stat ? ['--stat'] : []),
    from ?? base,
    work.tree,
    '--',
  ]);
  return stdout;
}

async function worktreeState(
  { git, repository, stateDir }: Project,
  { workspace, workspaceGone }: TaskState,
): Promise<{ readonly head: string | null; readonly tree: string } | undefined> {
  if (!workspace || workspaceGone) return undefined;
  const { openWorktree } = await import('@pwt/worktree');
  const worktree = await openWorktree({ git, commonDir: repository.commonDir, stateDir }, workspace);
  if (worktree === undefined) return undefined;
  return { head: await resolveCommit(worktree, 'HEAD'), tree: await writeWorktreeTree(worktree) };
}

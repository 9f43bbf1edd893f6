import type { TaskState } from '@pwt/core';
import { writeWorktreeTree } from '@pwt/git';
import type { Project } from '../project/project.js';

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
  const to = task.commit ?? (await worktreeTree(project, task));
  if (task.base === undefined || to === undefined) return undefined;
  const { stdout } = await project.git.run([
    'diff',
    '--no-ext-diff',
    '--color=never',
    ...(options.stat ? ['--stat'] : []),
    task.base,
    to,
    '--',
  ]);
  return stdout;
}

async function worktreeTree(
  { git, repository, stateDir }: Project,
  { workspace, workspaceGone }: TaskState,
): Promise<string | undefined> {
  if (!workspace || workspaceGone) return undefined;
  const { openWorktree } = await import('@pwt/worktree');
  const worktree = await openWorktree({ git, commonDir: repository.commonDir, stateDir }, workspace);
  return worktree && writeWorktreeTree(worktree);
}

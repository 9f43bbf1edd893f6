import type { RemoveOutcome, Workspace } from '@pwt/core';
import { listGitlinksOf, listModules, secureModules } from '@pwt/git';
import type { ProviderContext } from '../context.js';
import { innerLevel } from './level.js';

/**
 * Keeps the commits of a worktree's submodules, which are stored in its own git directory and would be deleted with
 * it. That directory may be deleted only if the answer is `null`; calling it again costs little and changes nothing.
 *
 * @param gitDir the worktree's own git directory, whose working tree may be gone
 */
export async function secureInner(
  context: ProviderContext,
  gitDir: string,
  workspace: Workspace,
): Promise<Extract<RemoveOutcome, { status: 'kept' }> | null> {
  const { git } = context;
  if ((await listModules(gitDir)).length === 0) return null;
  const { keepers, checkout } = await innerLevel(context, { gitDir, workTree: workspace.path });
  const branch = workspace.branch === undefined ? [] : [`refs/heads/${workspace.branch}`];
  const recorded = await listGitlinksOf(git, workspace.base);
  const unsafe = await secureModules(git, {
    ...{ gitDir, keepers, checkout },
    treeishes: [workspace.base, ...branch],
    recorded: recorded.map(({ commit }) => commit),
  });
  const [first] = unsafe;
  if (first === undefined) return null;
  const { name, commit, reason } = first;
  const message = `the submodule ${name} of ${workspace.path} has the commit ${commit}, which could not be fetched into the project's own repository: ${reason}`;
  return { status: 'kept', reason: 'unmerged', message };
}

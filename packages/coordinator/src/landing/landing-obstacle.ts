import {
  compareRepository,
  isElsewhere,
  type RepositoryChange,
  type RepositoryState,
  shellQuote,
} from '@pwt/core';
import { describeUnreadable } from '../run/lookout/unreadable.js';
import type { RunContext } from '../run/run-context.js';

/**
 * What forbids a landing even if the merge is clean: git sees another repository than at the start of the run, the target
 * is gone, or it is checked out in the worktree of an agent.
 */
export function findLandingObstacle(
  context: RunContext,
  state: RepositoryState,
): RepositoryChange | undefined {
  if (state.unreadable !== undefined) return describeUnreadable(state.unreadable);
  const start = context.lookout?.start ?? state;
  const changed = compareRepository(start, state).find(({ severity }) => severity === 'error');
  return changed ?? inWorkspace(context, state);
}

function inWorkspace(
  { log, target }: RunContext,
  { checkouts }: RepositoryState,
): RepositoryChange | undefined {
  for (const { task, workspace, workspaceGone } of log.state.tasks.values()) {
    if (workspace === undefined || workspaceGone || isElsewhere(workspace)) continue;
    const taken = checkouts.find(({ path, branch }) => path === workspace.path && branch === target);
    if (taken === undefined) continue;
    return {
      kind: 'checkouts',
      severity: 'error',
      message: `${target} is checked out in ${taken.path}, the worktree of task ${task.id}: what lands would change the files there.`,
      hint: `Give it back with this, then run pwt land: git -C ${shellQuote(taken.path)} switch --detach`,
      subjects: [taken.path],
    };
  }
  return undefined;
}

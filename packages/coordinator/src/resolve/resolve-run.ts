import { type MovedWorkspace, reduceRun, type Workspace } from '@pwt/core';
import { endAsBefore } from '../operations/end-as-before.js';
import { readHistory } from '../operations/history.js';
import type { RunSession } from '../operations/run-session.js';
import { broughtOnto } from '../pipeline/go-on.js';
import { requireResolvable } from '../pipeline/resolvable.js';
import { type ConflictOfTasks, conflictsOfTasks } from './conflicts-of-tasks.js';

export interface ResolveRequest {
  readonly runId: string;
  readonly taskId: string;
}

/** A conflict that lies in the workspace of its task, for a person. */
export interface ToResolve {
  readonly taskId: string;
  readonly workspace: Workspace;
  readonly outcome: MovedWorkspace;
  /** With whom it conflicts, path by path. */
  readonly conflicts: readonly ConflictOfTasks[];
}

/**
 * Puts the conflict of a task into its workspace: what it could not be merged with is merged there, and what conflicts is for
 * a person. Nothing else of the run changes, and no agent starts.
 */
export async function resolveRun(session: RunSession, { runId, taskId }: ResolveRequest): Promise<ToResolve> {
  const history = await readHistory(session.options, runId);
  const before = reduceRun(history);
  requireResolvable(before, taskId);
  return session.record(runId, history, async (log) => {
    const { context } = await session.reopen(log);
    const task = requireResolvable(log.state, taskId);
    const { merger } = context.parts;
    const { integration } = log.run;
    const tip = await merger.tip(context.target);
    // What others have put on the target meanwhile is merged with the same commit.
    const isAhead = tip !== undefined && (await merger.contains({ ancestor: integration, descendant: tip }));
    const onto = isAhead ? tip : integration;
    const moved = await broughtOnto(context, { ...task, onto });
    const { workspace, outcome } = moved;
    await log.append({ type: 'workspace-moved', taskId, workspace, outcome });
    await endAsBefore(context, before.status);
    const paths = outcome.status === 'conflicted' ? outcome.paths : [];
    return { taskId, workspace, outcome, conflicts: conflictsOfTasks(log.state, taskId, paths) };
  });
}

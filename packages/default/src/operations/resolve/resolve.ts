import type { ToResolve } from '@pwt/coordinator';
import { isElsewhere, type RunState } from '@pwt/core';
import { ownTokens } from '../../composition/own-tokens.js';
import { withRunLock } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';
import { selectInRun, selectTasks } from '../plan/select-tasks.js';
import { recordedConfig } from '../run/recorded-config.js';
import { type MarkedLines, markedLines } from './marked-lines.js';

export interface ResolveRequest {
  /** As a user types it. */
  readonly taskId: string;
  /** @default the newest run with such a task */
  readonly runId?: string;
}

/** A conflict that lies in the worktree of its task, and where its markers are. */
export interface Resolution extends Omit<ToResolve, 'conflicts'> {
  readonly runId: string;
  readonly conflicts: ReadonlyArray<
    ToResolve['conflicts'][number] & { readonly lines: readonly MarkedLines[] }
  >;
}

/** Puts the conflict of a task into its worktree, for the user to resolve. No agent starts. */
export async function resolve(context: OperationContext, request: ResolveRequest): Promise<Resolution> {
  const { project, overrides, runs } = context;
  const select = await selectTasks(context, [request.taskId]);
  const knows = ({ tasks }: RunState) => tasks.size > 0;
  const state = await runs.find(request.runId, knows, `with ${request.taskId}`);
  const { runId } = state;
  const [taskId = request.taskId] = selectInRun(select, state);
  const { container } = await context.compose(recordedConfig(project.root, state, overrides));
  const found = await withRunLock(project, runId, async () =>
    (await container.resolve(ownTokens.coordinator)).resolve({ runId, taskId }),
  );
  const { workspace } = found;
  const conflicts = found.conflicts.map(async (conflict) => ({
    ...conflict,
    // Files on another machine are not looked into.
    lines: isElsewhere(workspace) ? [] : await markedLines(workspace.path, conflict.path),
  }));
  return { ...found, runId, conflicts: await Promise.all(conflicts) };
}

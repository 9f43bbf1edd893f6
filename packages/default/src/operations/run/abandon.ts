import type { RunState } from '@pwt/core';
import { ownTokens } from '../../composition/own-tokens.js';
import { withRunLock } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';
import { knowsAll, selectInRun, selectTasks } from '../plan/select-tasks.js';
import { recordedConfig } from './recorded-config.js';

export interface AbandonRequest {
  /** As a user types them. */
  readonly taskIds: readonly string[];
}

export interface Abandoned {
  /** Of the run, after it. */
  readonly state: RunState;
  readonly taskIds: readonly string[];
}

/** Gives tasks of a run up that has not finished, and leaves the rest of the run as it is. */
export async function abandon(context: OperationContext, request: AbandonRequest): Promise<Abandoned> {
  const { project, overrides, runs } = context;
  const select = await selectTasks(context, request.taskIds);
  const run = await runs.find(
    undefined,
    (state) => state.status !== 'finished' && request.taskIds.length > 0 && knowsAll(select, state),
    'that has not finished and has such a task',
    'A finished run has no tasks to give up: its worktrees are removed without --abandon.',
  );
  const taskIds = selectInRun(select, run);
  const { container } = await context.compose(recordedConfig(project.root, run, overrides));
  const state = await withRunLock(project, run.runId, async () => {
    const coordinator = await container.resolve(ownTokens.coordinator);
    await coordinator.abandon(run.runId, taskIds);
    return coordinator.state;
  });
  return { state, taskIds };
}

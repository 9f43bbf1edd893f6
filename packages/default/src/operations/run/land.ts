import { defined, hasCode, isResolvable, isReviewed, PwtError, type RunState, summarise } from '@pwt/core';
import { ownTokens } from '../../composition/own-tokens.js';
import { withRunLock } from '../../project/run-lock.js';
import type { OperationContext } from '../operation-context.js';
import { knowsAll, selectInRun, selectTasks } from '../plan/select-tasks.js';
import { askRun } from '../questions/ask-run.js';
import { findTargetObstacle, hasWorkToLand } from '../status/work-to-land.js';
import { recordedConfig } from './recorded-config.js';
import { type RunResult, toRunResult } from './run-result.js';

export interface LandRequest {
  /** @default the newest run with work to land */
  readonly runId?: string;
  /**
   * Only the work of these tasks, as a user types their ids, and of those that they depend on: tested as one commit, and landed
   * as that. What is left is put on top of it and tested again. @default all that is tested
   */
  readonly taskIds?: readonly string[];
  /**
   * Put what the run has tested on top of a target that was rewritten (amended, rebased, reset), without restoring
   * what was removed from it. @default false: nothing lands on such a target
   */
  readonly ontoRewritten?: boolean;
}

/**
 * Moves the target to what a run has integrated, or to a part of it, and starts nothing. Where a process drives the run, that
 * process does it.
 */
export async function land(context: OperationContext, request: LandRequest = {}): Promise<RunResult> {
  const { ontoRewritten = false } = request;
  const { project, overrides, runs } = context;
  const { state, taskIds } = await runToLand(context, request);
  const { runId } = state;
  if (!ontoRewritten) {
    const after = await askRun(context, runId, { kind: 'land', taskIds: taskIds ?? [] });
    if (after) return toRunResult(after, summarise(after), !(await runs.isNewest(runId)), true);
  }
  const config = recordedConfig(project.root, state, { ...overrides, autoMerge: true });
  try {
    const { container } = await context.compose(config);
    return await withRunLock(project, runId, async () => {
      const coordinator = await container.resolve(ownTokens.coordinator);
      const resolved = (taskIds ?? []).filter((id) => isResolvable(state.tasks.get(id)));
      const others = taskIds?.filter((id) => !resolved.includes(id));
      const done =
        resolved.length > 0 ? await coordinator.landResolved({ runId, taskIds: resolved }) : undefined;
      // With review, what was resolved is ready now, and lands with what else was named.
      const named = done !== undefined && isReviewed(state.options) ? taskIds : others;
      const isAll = done !== undefined && (named ?? []).length === 0;
      const summary = isAll
        ? done
        : await coordinator.land({ runId, ontoRewritten, ...defined({ taskIds: named }) });
      return toRunResult(coordinator.state, summary, !(await runs.isNewest(runId)));
    });
  } catch (error) {
    if (!hasCode(error, 'PWT_RUN_LOCKED')) throw error;
    throw landsByItself(error, state, taskIds);
  }
}

async function runToLand(
  context: OperationContext,
  { runId, taskIds: typed = [], ontoRewritten = false }: LandRequest,
): Promise<{ readonly state: RunState; readonly taskIds?: readonly string[] }> {
  const { runs } = context;
  const fits = (run: RunState) => hasWorkToLand(run, { ontoRewritten });
  if (typed.length === 0) return { state: await runs.find(runId, fits, 'with work to land') };
  const select = await selectTasks(context, typed);
  const knows = (run: RunState) => knowsAll(select, run);
  const newest =
    runId === undefined ? await runs.latest((run) => knows(run) && hasWorkToLand(run)) : undefined;
  const state = newest ?? (await runs.find(runId, knows, `with ${typed.join(', ')}`));
  return { state, taskIds: selectInRun(select, state) };
}

/**
 * The error for landing a run that another process drives: as it is, with a hint that is right for that run. A run lands
 * by itself, unless landing is off, or its target was rewritten.
 *
 * @param locked `PWT_RUN_LOCKED`
 */
function landsByItself(locked: PwtError, state: RunState, taskIds: readonly string[] = []): PwtError {
  const { code, message, place, data } = locked;
  const { runId, options } = state;
  if (data?.runId !== runId) return locked;
  const isRewritten = findTargetObstacle(state)?.hint?.includes('--onto-rewritten') === true;
  const flag = isRewritten ? ' --onto-rewritten' : '';
  const what = taskIds.length === 0 ? runId : `${taskIds.join(' ')} --run ${runId}`;
  const hint =
    options?.autoMerge === false || isReviewed(options) || isRewritten || taskIds.length > 0
      ? `It does not land while it goes on. When it has ended, or was stopped: pwt land${flag} ${what}`
      : 'It lands by itself once the way is clear: with its next task, or at its end. Watch it: pwt status';
  return new PwtError(code, message, { ...(place ? { place } : {}), hint, data });
}

import { PwtError, type RunState } from '@pwt/core';
import { findTargetObstacle } from '../status/work-to-land.js';

/**
 * The error for landing a run that another process drives: as it is, with a hint that is right for that run. A run lands
 * by itself, unless landing is off, or its target was rewritten.
 *
 * @param locked `PWT_RUN_LOCKED`
 */
export function landsByItself(locked: PwtError, state: RunState): PwtError {
  const { code, message, place, data } = locked;
  const { runId, options } = state;
  if (data?.runId !== runId) return locked;
  const isRewritten = findTargetObstacle(state)?.hint?.includes('--onto-rewritten') === true;
  const flag = isRewritten ? ' --onto-rewritten' : '';
  const hint =
    options?.autoMerge === false || isRewritten
      ? `It does not land while it goes on. When it has ended, or was stopped: pwt land${flag} ${runId}`
      : 'It lands by itself once the way is clear: with its next task, or at its end. Watch it: pwt status';
  return new PwtError(code, message, { ...(place ? { place } : {}), hint, data });
}

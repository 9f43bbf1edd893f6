import { type RunSummary, reduceRun } from '@pwt/core';
import { lanesOf } from '../loop/lanes.js';
import { endAsBefore } from '../operations/end-as-before.js';
import { readHistory } from '../operations/history.js';
import type { RunSession } from '../operations/run-session.js';
import { requireResolvable } from '../pipeline/resolvable.js';
import { joinResolved } from './join-resolved.js';

export interface LandResolvedRequest {
  readonly runId: string;
  /** Tasks that have ended with a conflict. */
  readonly taskIds: readonly string[];
}

/**
 * Takes up tasks whose conflicts a person has resolved in their workspaces: collected, tested, integrated and landed like any
 * other. No agent starts, whatever becomes of them. With review, they are ready then.
 */
export async function landResolvedRun(
  session: RunSession,
  { runId, taskIds }: LandResolvedRequest,
): Promise<RunSummary> {
  const history = await readHistory(session.options, runId);
  const before = reduceRun(history);
  for (const taskId of taskIds) requireResolvable(before, taskId);
  return session.record(runId, history, async (log) => {
    const { context, landing } = await session.reopen(log, {}, { isFinal: true });
    await joinResolved(context, lanesOf(context, landing), taskIds);
    if (context.options.review !== true) await landing.now();
    await landing.settle();
    await landing.workspaces.removeAll();
    await context.lookout?.look({ all: true });
    return endAsBefore(context, before.status);
  });
}

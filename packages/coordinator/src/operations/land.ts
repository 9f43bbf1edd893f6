import { type RunSummary, reduceRun, summarise } from '@pwt/core';
import { replayedTasks } from '../landing/rewritten.js';
import { lanesOf } from '../loop/lanes.js';
import { joinAgain } from '../loop/run-task.js';
import { closeRefs } from '../pipeline/clean-up.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

export interface LandRunRequest {
  readonly runId: string;
  /**
   * Accept a rewritten target, and put on top of it the changes of each task that is integrated and not landed, tested
   * again. @default false: a rewritten target is refused
   */
  readonly ontoRewritten?: boolean;
}

/** Lands what is integrated. The run is otherwise unchanged. */
export async function landRun(session: RunSession, request: LandRunRequest): Promise<RunSummary> {
  const { runId, ontoRewritten = false } = request;
  const history = await readHistory(session.options, runId);
  const { status } = reduceRun(history);
  return session.record(runId, history, async (log) => {
    const { context, landing } = await session.reopen(log, {}, { ontoRewritten });
    await joinAgain(context, lanesOf(context, landing), replayedTasks(log.state));
    await landing.now();
    await landing.settle();
    await landing.workspaces.removeAll();
    await context.lookout?.look({ all: true });
    const summary = summarise(log.state);
    if (status === 'finished') {
      await closeRefs(context);
      await log.append({ type: 'run-finished', ...summary });
    } else {
      await log.append({ type: 'run-interrupted', reason: 'only landed what was integrated' });
    }
    return summary;
  });
}

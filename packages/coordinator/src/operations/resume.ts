import { type RunOptions, type RunSummary, reduceRun } from '@pwt/core';
import { RunLoop } from '../loop/run-loop.js';
import { checkRetryable, takeUp } from '../resume/requeue.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

export interface ResumeRequest {
  readonly runId: string;
  /** Tasks that ended badly and are to start over. */
  readonly retry?: readonly string[];
  /** Replace the recorded options of the run from here on. */
  readonly options?: Partial<RunOptions>;
}

/** Goes on from wherever the log says that the run is. */
export async function resumeRun(session: RunSession, request: ResumeRequest): Promise<RunSummary> {
  const { runId, retry = [], options } = request;
  const history = await readHistory(session.options, runId);
  checkRetryable(reduceRun(history), retry);
  return session.record(runId, history, async (log) => {
    const { context, landing } = await session.reopen(log, options);
    await takeUp(context, retry);
    await landing.try();
    return new RunLoop(context, landing).run();
  });
}

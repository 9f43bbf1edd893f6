import { type RunOptions, type RunSummary, reduceRun } from '@pwt/core';
import { RunLoop } from '../loop/run-loop.js';
import { checkRetryable, takeUp } from '../resume/requeue.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

export interface ResumeRequest {
  readonly runId: string;
  /** Rejected tasks that start over. */
  readonly retry?: readonly string[];
  /** Replace the recorded options of the run from now on. */
  readonly options?: Partial<RunOptions>;
}

/** Continues the run from its log. */
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

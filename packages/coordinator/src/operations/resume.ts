import { type RunOptions, type RunSummary, reduceRun } from '@pwt/core';
import { RunLoop } from '../loop/run-loop.js';
import { checkRetryable, takeUp } from '../resume/requeue.js';
import { checkTestable, type RetryHow } from '../resume/test-again.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

export interface ResumeRequest extends RetryHow {
  readonly runId: string;
  /** Rejected tasks that are tried again: they start over, or their work is tested again where that can help. */
  readonly retry?: readonly string[];
  /** Replace the recorded options of the run from now on. */
  readonly options?: Partial<RunOptions>;
}

/** Continues the run from its log. */
export async function resumeRun(session: RunSession, request: ResumeRequest): Promise<RunSummary> {
  const { runId, retry = [], options, regate = false } = request;
  const history = await readHistory(session.options, runId);
  const state = reduceRun(history);
  checkRetryable(state, retry);
  if (regate) checkTestable(state, retry);
  return session.record(runId, history, async (log) => {
    const { context, landing } = await session.reopen(log, options);
    await takeUp(context, retry, request);
    await landing.try();
    return new RunLoop(context, landing).run();
  });
}

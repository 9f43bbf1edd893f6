import { type RunOptions, type RunSummary, reduceRun, type SentBackTask } from '@pwt/core';
import { RunLoop } from '../loop/run-loop.js';
import { checkRetryable, takeUp } from '../resume/requeue.js';
import { checkTestable, type RetryHow } from '../resume/test-again.js';
import { requireReady } from '../review/choose.js';
import { landChosen } from '../review/land-chosen.js';
import { sendBack } from '../review/send-back.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';
import { usableOnResume } from './usable-agents.js';

export interface ResumeRequest extends RetryHow {
  readonly runId: string;
  /** Rejected tasks that are tried again: they start over, or their work is tested again where that can help. */
  readonly retry?: readonly string[];
  /** Tested work that a person does not want as it is: it goes back to its agent. */
  readonly sentBack?: readonly SentBackTask[];
  /** Replace the recorded options of the run from now on. */
  readonly options?: Partial<RunOptions>;
}

/** Continues the run from its log. */
export async function resumeRun(session: RunSession, request: ResumeRequest): Promise<RunSummary> {
  const { runId, retry = [], sentBack = [], options, regate = false } = request;
  const history = await readHistory(session.options, runId);
  const state = reduceRun(history);
  checkRetryable(state, retry);
  if (regate) checkTestable(state, retry);
  requireReady(
    state,
    sentBack.map(({ taskId }) => taskId),
  );
  return session.record(runId, history, async (log) => {
    const usableAgents = await usableOnResume(session.options.launcher, { ...state.options, ...options });
    const { context, landing } = await session.reopen(log, options, { usableAgents });
    await takeUp(context, retry, request);
    // The user has seen to what went wrong.
    await context.breaker.tryAgain({ all: retry.length > 0 });
    await landChosen(context, landing);
    if (sentBack.length > 0) await sendBack(context, landing, sentBack);
    await landing.try();
    return new RunLoop(context, landing).run();
  });
}

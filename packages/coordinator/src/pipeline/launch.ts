import { type AgentRun, type Attempt, hasCode, type LaunchRequest } from '@pwt/core';
import { checkLaunched } from '../contract-check.js';
import { attemptDir, type RunContext } from '../run/run-context.js';
import type { Step } from './step.js';

/** Starts the agent. The intent is on record first, so that a crash in between is noticed. */
export const launch: Step = async (context, taskId) => {
  if (context.stop.mode === 'now') return 'pause';
  await context.log.append({ type: 'agent-launching', taskId, attempt: context.log.task(taskId).attempt });
  const run = await context.parts.launcher.launch(launchRequest(context, taskId));
  await launched(context, taskId, run, false);
};

/**
 * After a crash between intent and fact: the agent runs, has ended, or was never started. In the last case
 * `attach` has made sure that it can't start any more, and the task gets a new attempt.
 */
export const relaunch: Step = async (context, taskId) => {
  const run = await context.parts.launcher.attach(attemptOf(context, taskId));
  if (run) {
    await launched(context, taskId, run, true);
    return;
  }
  const { attempt, base } = context.log.task(taskId);
  if (base === undefined) throw new Error(`task ${taskId} was dispatched without a base`);
  const next = attempt + 1;
  await context.log.append({
    type: 'task-dispatched',
    taskId,
    attempt: next,
    base,
    stateDir: attemptDir(context, taskId, next),
  });
};

/** What a launcher needs to find an agent again, from the log alone: the same before and after a crash. */
export function attemptOf(context: RunContext, taskId: string): Attempt {
  const { workspace, attempt, stateDir } = context.log.task(taskId);
  if (!workspace || stateDir === undefined) throw new Error(`task ${taskId} has no workspace yet`);
  const { timeoutMs, idleTimeoutMs } = context.options;
  return { runId: context.runId, taskId, number: attempt, workspace, stateDir, timeoutMs, idleTimeoutMs };
}

function launchRequest(context: RunContext, taskId: string): LaunchRequest {
  const { task, claims } = context.log.task(taskId);
  const { permission } = context.options;
  const abortSignal = context.stop.signal;
  return { attempt: attemptOf(context, taskId), task, claims, permission, abortSignal };
}

async function launched(context: RunContext, taskId: string, run: AgentRun, adopted: boolean): Promise<void> {
  const { name } = context.parts.launcher;
  const facts = await stopOnError(run, async () => checkLaunched(name, run));
  context.agents.add(taskId, { run, adopted });
  context.lookout?.agentStarted(taskId);
  await context.log.append({ type: 'agent-launched', taskId, launcher: name, ...facts });
  context.agents.startups.end(taskId);
}

/**
 * A task whose agent can't be watched gives up its claims, so the agent must not go on writing. Only if the
 * log fails it may: the task then keeps its claims until `resume`.
 */
export async function stopOnError<T>(run: AgentRun, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) await run.stop();
    throw error;
  }
}

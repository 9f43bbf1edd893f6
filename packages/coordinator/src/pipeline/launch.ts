import type { AgentRun, LaunchRequest } from '@pwt/core';
import { checkHandle } from '../contract-check.js';
import { attemptDir, type RunContext } from '../run-context.js';
import type { Step } from './step.js';

/** Starts the agent. The intent is on record first, so that a crash in between is noticed. */
export const launch: Step = async (context, taskId) => {
  if (context.stopMode === 'now') return 'pause';
  await context.log.append({ type: 'agent-launching', taskId, attempt: context.log.task(taskId).attempt });
  await launched(context, taskId, await context.parts.launcher.launch(launchRequest(context, taskId)));
};

/**
 * After a crash between intent and fact: the agent runs, has ended, or was never started. In the last case
 * `attach` has made sure that it can't start any more, and the task gets a new attempt.
 */
export const relaunch: Step = async (context, taskId) => {
  const run = await context.parts.launcher.attach(launchRequest(context, taskId));
  if (run) {
    await launched(context, taskId, run);
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

/** Everything a launcher needs, from the log alone: the same before and after a crash. */
export function launchRequest(context: RunContext, taskId: string): LaunchRequest {
  const { task, claims, workspace, attempt, stateDir } = context.log.task(taskId);
  if (!workspace || stateDir === undefined) throw new Error(`task ${taskId} has no workspace yet`);
  const { permission, timeoutMs, idleTimeoutMs } = context.options;
  return {
    runId: context.runId,
    task,
    claims,
    workspace,
    permission,
    attempt,
    stateDir,
    timeoutMs,
    idleTimeoutMs,
  };
}

async function launched(context: RunContext, taskId: string, run: AgentRun): Promise<void> {
  const handle = checkHandle(context.parts.launcher.name, run.handle);
  context.agents.set(taskId, run);
  await context.log.append({ type: 'agent-launched', taskId, handle });
}

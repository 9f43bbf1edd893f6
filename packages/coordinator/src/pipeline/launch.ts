import { type AgentRun, type Attempt, defined, hasCode, type LaunchRequest, type TaskIn } from '@pwt/core';
import { checkLaunched } from '../contract-check.js';
import { mayAsk } from '../questions/may-ask.js';
import { attemptDir, type RunContext } from '../run/run-context.js';
import { finish } from './finish.js';
import { finishedBefore } from './finished-before.js';
import { bringOn, continuation } from './go-on.js';
import { isKeptFromStarting } from './held-back.js';
import { spentEnding } from './spent-ending.js';
import type { Step } from './step.js';

/**
 * Starts the agent. The intent is recorded first, so that a crash in between is noticed; what the agent is started with is
 * written meanwhile, in the directory of an attempt that is on record.
 */
export const launch: Step<'prepared'> = async (context, task) => {
  if (context.stop.mode === 'now' || isKeptFromStarting(context, task)) return 'pause';
  if (task.continues !== undefined && task.continues.moved === undefined) return bringOn(context, task);
  const { id: taskId } = task.task;
  const spent = context.spending.reachedBy(taskId);
  if (spent) {
    await finish(context, taskId, spentEnding(spent));
    return;
  }
  const { launcher } = context.parts;
  const request = launchRequest(context, task);
  const recorded = context.log.append({ type: 'agent-launching', taskId, attempt: task.attempt });
  // `launch` throws what goes wrong here.
  const readied = launcher.ready?.(request).catch(() => undefined);
  await Promise.all([recorded, readied]);
  const run = await launcher.launch(request);
  await launched(context, taskId, run, false);
};

/**
 * After a crash between intent and fact: the agent runs, has ended, or was never started. In the last case
 * `attach` has made sure that it can't start any more, and the task gets a new attempt.
 */
export const relaunch: Step<'launching'> = async (context, task) => {
  const { id: taskId } = task.task;
  const run = await context.parts.launcher.attach(attemptOf(context, task));
  if (run) {
    await launched(context, taskId, run, true);
    return;
  }
  const next = task.attempt + 1;
  await context.log.append({
    type: 'task-dispatched',
    taskId,
    attempt: next,
    base: task.base,
    stateDir: attemptDir(context, taskId, next),
    ...defined({ agent: task.agentName }),
  });
};

/** What a launcher needs to find an agent again, from the log alone: the same before and after a crash. */
export function attemptOf(
  context: RunContext,
  { task, workspace, attempt, stateDir }: TaskIn<'prepared' | 'launching' | 'running'>,
): Attempt {
  const { runId, options } = context;
  const { timeoutMs } = options;
  // Where a person is asked about an idle agent, nothing stops it.
  const idleTimeoutMs = mayAsk(context) ? 0 : options.idleTimeoutMs;
  return { runId, taskId: task.id, number: attempt, workspace, stateDir, timeoutMs, idleTimeoutMs };
}

function launchRequest(context: RunContext, state: TaskIn<'prepared'>): LaunchRequest {
  const { task, claims } = state;
  const { permission } = context.options;
  const abortSignal = context.stop.signal;
  const continues = continuation(context, state);
  const finished = finishedBefore(context.log.state, state);
  const request = { attempt: attemptOf(context, state), task, claims, permission, finished, abortSignal };
  return { ...request, ...defined({ agent: state.agentName, continues }) };
}

async function launched(context: RunContext, taskId: string, run: AgentRun, adopted: boolean): Promise<void> {
  const { name } = context.parts.launcher;
  const facts = await stopOnError(run, async () => checkLaunched(name, run));
  context.agents.add(taskId, { run, adopted });
  context.lookout?.agentStarted(taskId);
  context.agents.startups.end(taskId);
  await context.log.append({ type: 'agent-launched', taskId, launcher: name, ...facts });
}

/**
 * Stops the agent if the body fails: a task without a watched agent loses its claims, so that agent must not go on writing.
 * If the log fails, the agent goes on: the task keeps its claims until `resume`.
 */
export async function stopOnError<T>(run: AgentRun, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) await run.stop();
    throw error;
  }
}

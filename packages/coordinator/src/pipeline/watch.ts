import { type AgentActivity, type AgentExit, type AgentRun, hasCode, type TaskIn } from '@pwt/core';
import { difference } from '../budget/day-use.js';
import { checkActivity, checkExit, wrongAnswer } from '../contract-check.js';
import { watchIdle } from '../questions/idle-watch.js';
import { isStoppedForPerson, stopForPerson } from '../questions/stop-for-person.js';
import { reasonOf } from '../reason-of.js';
import type { WatchedAgent } from '../run/agents.js';
import type { RunContext } from '../run/run-context.js';
import { keepBudget, stopIfCapped } from './keep-budget.js';
import { attemptOf, stopOnError } from './launch.js';
import { startOver } from './start-over.js';
import type { Step } from './step.js';

/** An agent may print thousands of lines a second; the log gets one of them in this time. */
const ACTIVITY_INTERVAL_MS = 2000;

/** Waits until the agent and everything it started have ended. */
export const watch: Step<'running'> = async (context, task) => {
  const { id: taskId } = task.task;
  const agent = context.agents.get(taskId) ?? (await adopt(context, task));
  const exit = agent ? await watched(context, taskId, agent) : lost(context, task);
  context.agents.remove(taskId);
  context.breaker.ended(context.log.task(taskId), exit);
  // Durable with the dispatch of the task that gets the free slot: until then, `attach` finds the same exit again.
  context.log.note({ type: 'agent-exited', taskId, exit });
  // The observation goes on while the slot is filled; `judge` waits for it.
  context.lookout?.agentEnded().catch(() => undefined);
  if (context.options.budget) await keepBudget(context, taskId);
  // An earlier process stopped the agent and died before it recorded that. This run is not being stopped.
  const after = context.log.task(taskId);
  const isWanted = after.capped !== undefined || isStoppedForPerson(after);
  if (agent?.adopted && exit.kind === 'stopped' && context.stop.mode === undefined && !isWanted)
    await startOver(context, taskId, 'it was stopped with its run');
};

async function adopt(context: RunContext, task: TaskIn<'running'>): Promise<WatchedAgent | undefined> {
  const run = await context.parts.launcher.attach(attemptOf(context, task));
  return run && { run, adopted: true };
}

async function watched(context: RunContext, taskId: string, agent: WatchedAgent): Promise<AgentExit> {
  const { run } = agent;
  context.agents.add(taskId, agent);
  context.lookout?.agentStarted(taskId);
  return stopOnError(run, async () => {
    if (context.stop.mode === 'now') await run.stop();
    else {
      await stopIfCapped(context, taskId);
      await stopForPerson(context, taskId);
    }
    const endWatch = watchIdle(context, taskId, run);
    try {
      const [exit] = await Promise.all([exitOf(context, run), reportActivity(context, taskId, run)]);
      return exit;
    } finally {
      endWatch();
    }
  });
}

async function exitOf(context: RunContext, run: AgentRun): Promise<AgentExit> {
  const { name } = context.parts.launcher;
  try {
    return checkExit(name, await run.exited);
  } catch (cause) {
    if (hasCode(cause, 'PWT_PLUGIN_MISBEHAVED')) throw cause;
    throw wrongAnswer(name, 'exited', `must never reject (${reasonOf(cause)})`, cause);
  }
}

/** Records what an agent says. A failure is reported, and the agent goes on. */
async function reportActivity(context: RunContext, taskId: string, run: AgentRun): Promise<void> {
  try {
    await recordActivity(context, taskId, run);
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    const message = `What the agent of task ${taskId} says can't be read from ${context.parts.launcher.name}: ${reasonOf(error)}`;
    await context.log.append({
      type: 'warning',
      diagnostic: { code: 'PWT_PLUGIN_MISBEHAVED', severity: 'warning', taskIds: [taskId], message },
    });
  }
}

async function recordActivity(context: RunContext, taskId: string, run: AgentRun): Promise<void> {
  const record = async (said: AgentActivity) => {
    const activity = checkActivity(context.parts.launcher.name, said);
    await context.log.append({ type: 'agent-activity', taskId, activity });
    if (activity.total) await keepBudget(context, taskId);
  };
  let lastAt = Number.NEGATIVE_INFINITY;
  let held: AgentActivity | undefined;
  for await (const activity of run.events) {
    const now = context.clock.now();
    // A clock that was set back must not silence the agent.
    const due = Math.abs(now - lastAt) >= ACTIVITY_INTERVAL_MS;
    held = activity;
    context.breaker.saw(context.log.task(taskId), activity);
    context.agents.sawActivity(taskId, now);
    if (!due && !isAlwaysRecorded(context, taskId, activity)) continue;
    lastAt = now;
    held = undefined;
    await record(activity);
  }
  if (held) await record(held);
}

/** Sessions, usage and errors are never throttled: later steps and reports need them, and caps what was used by now. */
function isAlwaysRecorded(
  { options, log }: RunContext,
  taskId: string,
  { kind, sessionId, total }: AgentActivity,
): boolean {
  if (sessionId !== undefined || kind === 'usage' || kind === 'error') return true;
  if (total === undefined || options.budget === undefined) return false;
  return Object.values(difference(total, log.task(taskId).figures)).some((more) => more > 0);
}

/** The attempt's own records are gone, so nothing can be known about how the agent ended. */
function lost({ clock }: RunContext, { launchedAt }: TaskIn<'running'>): AgentExit {
  return { kind: 'lost', durationMs: Math.max(0, clock.now() - launchedAt) };
}

import type { AgentActivity, AgentExit, AgentRun } from '@pwt/core';
import { checkExit } from '../contract-check.js';
import type { RunContext } from '../run-context.js';
import { launchRequest } from './launch.js';
import type { Step } from './step.js';

/** An agent may print thousands of lines a second; the log gets one of them in this time. */
const ACTIVITY_INTERVAL_MS = 2000;

/** Waits until the agent and everything it started have ended. */
export const watch: Step = async (context, taskId) => {
  const run =
    context.agents.get(taskId) ?? (await context.parts.launcher.attach(launchRequest(context, taskId)));
  const exit = run ? await watched(context, taskId, run) : lost(context, taskId);
  context.agents.delete(taskId);
  await context.log.append({ type: 'agent-exited', taskId, exit });
};

async function watched(context: RunContext, taskId: string, run: AgentRun): Promise<AgentExit> {
  context.agents.set(taskId, run);
  if (context.stopMode === 'now') await run.stop();
  const reported = reportActivity(context, taskId, run);
  const exit = checkExit(context.parts.launcher.name, await run.exited);
  await reported;
  return exit;
}

async function reportActivity(context: RunContext, taskId: string, run: AgentRun): Promise<void> {
  let lastAt = Number.NEGATIVE_INFINITY;
  let held: AgentActivity | undefined;
  for await (const activity of run.events) {
    const now = context.clock.now();
    held = activity;
    const due = now - lastAt >= ACTIVITY_INTERVAL_MS;
    // Sessions, usage and errors are facts that later steps and reports need: never throttled.
    if (!due && activity.sessionId === undefined && activity.kind !== 'usage' && activity.kind !== 'error')
      continue;
    lastAt = now;
    held = undefined;
    await context.log.append({ type: 'agent-activity', taskId, activity });
  }
  if (held) await context.log.append({ type: 'agent-activity', taskId, activity: held });
}

/** The attempt's own records are gone, so nothing can be known about how the agent ended. */
function lost(context: RunContext, taskId: string): AgentExit {
  const { launchedAt } = context.log.task(taskId);
  return { kind: 'lost', durationMs: Math.max(0, context.clock.now() - (launchedAt ?? context.clock.now())) };
}

import { hasCode } from '@pwt/core';
import type { Landing } from '../landing/landing.js';
import { audit, enforceClaims } from '../pipeline/audit.js';
import { failedWith, finish } from '../pipeline/finish.js';
import { judge } from '../pipeline/judge.js';
import { launch, relaunch } from '../pipeline/launch.js';
import { prepare } from '../pipeline/prepare.js';
import { type AgentPhase, type JoinPhase, runSteps, type StepTable } from '../pipeline/step.js';
import { watch } from '../pipeline/watch.js';
import type { RunContext } from '../run/run-context.js';

const agentSteps: StepTable<AgentPhase> = {
  dispatched: prepare,
  prepared: launch,
  launching: relaunch,
  running: watch,
  exited: judge,
};

const joinSteps: StepTable<JoinPhase> = {
  collected: audit,
  audited: enforceClaims,
};

/**
 * Runs the steps of a task from its recorded phase to its end. Throws only if nothing can be recorded any more.
 *
 * @param onFreed called whenever a slot or claims have become free
 */
export async function runTask(
  context: RunContext,
  landing: Landing,
  taskId: string,
  onFreed: () => void,
): Promise<void> {
  try {
    await runSteps(context, taskId, agentSteps, onFreed);
    // It starts over, and may be begun again as soon as this has ended.
    if (context.log.task(taskId).phase === 'waiting') return;
    await landing.turn(() => runSteps(context, taskId, joinSteps, onFreed));
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    const { exit } = context.log.task(taskId);
    // Once the agent has ended, its work is there and only a person can tell what it is worth.
    await finish(context, taskId, failedWith(error, exit === undefined ? 'failed' : 'held'));
  } finally {
    context.agents.startups.end(taskId);
  }
  await landing.workspaces.remove();
}

/** Joins a task outside of a run's loop, while nothing else moves the integration ref. */
export async function joinAgain(context: RunContext, taskId: string): Promise<void> {
  try {
    await runSteps(context, taskId, joinSteps);
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await finish(context, taskId, failedWith(error, 'held'));
  }
}

import { hasCode, hasOwnCommit } from '@pwt/core';
import { admit } from '../joining/alone.js';
import type { Joining } from '../joining/joining.js';
import { audit } from '../pipeline/audit.js';
import { failedWith, finish } from '../pipeline/finish.js';
import { judge } from '../pipeline/judge.js';
import { launch, relaunch } from '../pipeline/launch.js';
import { prepare } from '../pipeline/prepare.js';
import { type AgentPhase, type JoinPhase, runSteps, type Step, type StepTable } from '../pipeline/step.js';
import { watch } from '../pipeline/watch.js';
import type { RunContext } from '../run/run-context.js';
import type { Lanes } from './lanes.js';

const agentSteps: StepTable<AgentPhase> = {
  dispatched: prepare,
  prepared: launch,
  launching: relaunch,
  running: watch,
  exited: judge,
};

const joinSteps: StepTable<JoinPhase> = {
  collected: audit,
  audited: admit,
};

/**
 * Runs the steps of a task from its recorded phase to its end. Throws only if nothing can be recorded any more.
 *
 * @param onFreed called whenever a slot or claims have become free
 */
export async function runTask(
  context: RunContext,
  { landing, joining }: Lanes,
  taskId: string,
  onFreed: () => void,
): Promise<void> {
  joining?.begin(taskId);
  if (context.log.task(taskId).phase === 'dispatched') context.agents.startups.begin(taskId);
  try {
    await runSteps(context, taskId, agentStepsWith(joining), onFreed);
    // It starts over or goes on, and may be begun again as soon as this has ended.
    if (context.log.task(taskId).phase === 'waiting') return;
    const join = () => runSteps(context, taskId, joinSteps, onFreed);
    await (joining === undefined ? landing.turn(join) : joining.audit(join));
    if (context.log.task(taskId).phase === 'audited') await joining?.decided(taskId);
    onFreed();
    const ended = context.log.task(taskId);
    // Done beside the landings: there may be nothing else to land.
    if (joining !== undefined && ended.phase === 'integrated' && !hasOwnCommit(ended))
      await landing.turn(async () => undefined);
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    const { exit } = context.log.task(taskId);
    // Once the agent has ended, its work is there and only a person can tell what it is worth.
    await finish(context, taskId, failedWith(error, exit === undefined ? 'failed' : 'held'));
    // A landing may have been left to its work.
    if (exit !== undefined) await landing.turn(async () => undefined);
  } finally {
    context.agents.startups.end(taskId);
    joining?.end(taskId);
  }
  await landing.workspaces.remove();
}

function agentStepsWith(joining: Joining | undefined): StepTable<AgentPhase> {
  if (joining === undefined) return agentSteps;
  const prepared: Step<'prepared'> = async (context, task) => {
    await joining.beforeLaunch();
    return launch(context, task);
  };
  return { ...agentSteps, prepared };
}

/** Joins tasks outside of a run's loop, in this order. */
export async function joinAgain(
  context: RunContext,
  { joining }: Lanes,
  taskIds: readonly string[],
): Promise<void> {
  const decided: Promise<void>[] = [];
  for (const taskId of taskIds) {
    await heldOnError(context, taskId, () => runSteps(context, taskId, joinSteps));
    if (context.log.task(taskId).phase === 'audited' && joining !== undefined)
      decided.push(heldOnError(context, taskId, () => joining.decided(taskId)));
  }
  await Promise.all(decided);
  await joining?.close();
}

async function heldOnError(context: RunContext, taskId: string, job: () => Promise<void>): Promise<void> {
  try {
    await job();
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await finish(context, taskId, failedWith(error, 'held'));
  }
}

import { hasCode } from '@pwt/core';
import type { RunContext } from '../run-context.js';
import { admit, audit } from './audit.js';
import { removeLanded, tidyUp } from './clean-up.js';
import { finish, reasonOf } from './finish.js';
import { gate, integrate, obey } from './integrate.js';
import { judge } from './judge.js';
import { launch, relaunch } from './launch.js';
import { prepare } from './prepare.js';
import { runSteps, type StepTable } from './step.js';
import { watch } from './watch.js';

/** What happens beside other tasks, by the phase a task is in. */
const agentSteps: StepTable = {
  dispatched: prepare,
  prepared: launch,
  launching: relaunch,
  running: watch,
  exited: judge,
};

/** What happens one task at a time, because it moves the integration ref. */
const joinSteps: StepTable = {
  collected: audit,
  audited: admit,
  integrating: integrate,
  merged: gate,
  gated: obey,
};

/** Takes a task from wherever the log says it is to its end. Throws only if nothing can be recorded any more. */
export async function runTask(context: RunContext, taskId: string): Promise<void> {
  try {
    await runSteps(context, taskId, agentSteps);
    await context.queue.run(() => runSteps(context, taskId, joinSteps));
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await failed(context, taskId, error);
  }
  if (context.log.task(taskId).outcome !== 'landed') return;
  await tidyUp(context, () => context.cleanUps.run(() => removeLanded(context)));
}

/** Work that is integrated stays integrated, whatever went wrong after it. */
async function failed(context: RunContext, taskId: string, error: unknown): Promise<void> {
  const { outcome } = context.log.task(taskId);
  if (outcome === undefined)
    return finish(context, taskId, needsHuman(error) ? 'held' : 'failed', reasonOf(error));
  const message = `Task ${taskId} is ${outcome}, but landing it failed: ${reasonOf(error)}`;
  await context.log.append({
    type: 'warning',
    diagnostic: { code: 'PWT_LAND_REFUSED', severity: 'warning', taskId, message },
  });
}

/** The agent has ended, but its workspace is in a state that only a human can put right. */
function needsHuman(error: unknown): boolean {
  return hasCode(error, 'PWT_WORKTREE_BUSY') || hasCode(error, 'PWT_WORKTREE_BROKEN');
}

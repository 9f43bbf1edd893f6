import { hasCode } from '@pwt/core';
import { landSoon } from '../landing/land.js';
import { reasonOf } from '../reason-of.js';
import type { RunContext } from '../run/run-context.js';
import { admit, audit } from './audit.js';
import { removeLanded } from './clean-up.js';
import { finish } from './finish.js';
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
    await context.queue.run(() => join(context, taskId));
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    const { exit } = context.log.task(taskId);
    // Once the agent has ended, its work is there and only a human can tell what it is worth.
    await finish(context, taskId, exit === undefined ? 'failed' : 'held', reasonOf(error));
  } finally {
    context.startups.end(taskId);
  }
  await removeLanded(context);
}

/** Joins a task outside of a run's loop. Runs inside the queue. */
export async function joinAgain(context: RunContext, taskId: string): Promise<void> {
  try {
    await runSteps(context, taskId, joinSteps);
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await finish(context, taskId, 'held', reasonOf(error));
  }
}

/** One turn in the queue. Landing may have been left to this task: it is its turn to, whatever becomes of it. */
async function join(context: RunContext, taskId: string): Promise<void> {
  try {
    await runSteps(context, taskId, joinSteps);
  } finally {
    await landSoon(context);
  }
}

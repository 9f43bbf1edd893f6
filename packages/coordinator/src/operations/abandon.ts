import { PwtError, type RunState, type RunSummary, reduceRun, summarise } from '@pwt/core';
import { checkExit } from '../contract-check.js';
import { closeProvider, discardWorkspace, removeScratch, tidyUp } from '../pipeline/clean-up.js';
import { finish } from '../pipeline/finish.js';
import { attemptOf } from '../pipeline/launch.js';
import type { RunContext } from '../run/run-context.js';
import { readHistory } from './history.js';
import type { RunSession } from './run-session.js';

/** Gives tasks up and leaves the rest of the run as it is. */
export async function abandonRun(
  session: RunSession,
  runId: string,
  taskIds: readonly string[],
): Promise<RunSummary> {
  const history = await readHistory(session.options, runId);
  checkAbandonable(reduceRun(history), taskIds);
  return session.record(runId, history, async (log) => {
    const { context } = await session.reopen(log);
    await abandon(context, taskIds);
    const summary = summarise(log.state);
    const isOver = [...log.state.tasks.values()].every(({ outcome }) => outcome !== undefined);
    if (isOver) {
      await tidyUp(context, () => removeScratch(context));
      await closeProvider(context, { isOver: false });
    }
    await log.append(
      isOver
        ? { type: 'run-finished', ...summary }
        : { type: 'run-interrupted', reason: 'only gave tasks up' },
    );
    return summary;
  });
}

/**
 * Gives tasks up: stops their agents with all processes that these have started, records the tasks as cancelled, so that
 * `resume` starts no agent for them, takes a snapshot of their workspaces, and removes these.
 *
 * @throws PwtError `PWT_WORKSPACE_KEPT` if a workspace can't be removed; its task stays cancelled
 */
async function abandon(context: RunContext, taskIds: readonly string[]): Promise<void> {
  for (const taskId of taskIds) {
    await stopAgent(context, taskId);
    if (context.log.task(taskId).outcome === undefined || context.log.task(taskId).outcome === 'held')
      await finish(context, taskId, { status: 'cancelled', reason: 'given up by the user' });
    const removal = await discardWorkspace(context, context.log.task(taskId), 'given up by the user');
    if (removal?.status !== 'kept') continue;
    throw new PwtError(
      'PWT_WORKSPACE_KEPT',
      `Task ${taskId} is given up, but its workspace stays: ${removal.message}.`,
      {
        hint: 'Nothing of it was touched. Put that right, then try again.',
        data: { taskId, reason: removal.reason },
      },
    );
  }
}

/**
 * Checks that tasks can be given up.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_INTEGRATED` for a task whose work is in
 */
function checkAbandonable(state: RunState, taskIds: readonly string[]): void {
  for (const id of taskIds) {
    const task = state.tasks.get(id);
    if (task === undefined) {
      throw new PwtError('PWT_TASK_UNKNOWN', `Task ${id} is not part of run ${state.runId}.`, {
        hint: `Its tasks are: ${[...state.tasks.keys()].slice(0, 20).join(', ')}.`,
      });
    }
    if (task.outcome !== 'integrated' && task.outcome !== 'landed') continue;
    throw new PwtError('PWT_TASK_INTEGRATED', `The work of task ${id} is ${task.outcome} already.`, {
      hint: `There is nothing to give up: pwt resume ${state.runId} finishes the run and removes its worktree.`,
    });
  }
}

/** Attaches first: the agent may have been started by another process. */
async function stopAgent(context: RunContext, taskId: string): Promise<void> {
  const task = context.log.task(taskId);
  if (task.phase !== 'launching' && task.phase !== 'running') return;
  const { launcher } = context.parts;
  const run = await launcher.attach(attemptOf(context, task));
  if (run === undefined) return;
  await run.stop();
  await context.log.append({
    type: 'agent-exited',
    taskId,
    exit: checkExit(launcher.name, await run.exited),
  });
}

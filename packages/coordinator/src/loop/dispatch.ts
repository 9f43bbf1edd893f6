import { type Admission, defined, occupiesSlot } from '@pwt/core';
import { finish, needs, skipped } from '../pipeline/finish.js';
import { rejectionOf } from '../resume/requeue.js';
import { attemptDir, type RunContext } from '../run/run-context.js';
import { workspaceRequest } from '../run/workspace-request.js';
import { explain } from './explain.js';
import { type Hold, holdOnStarts } from './hold.js';
import type { TaskRuns } from './task-runs.js';

/**
 * Starts every task that may start now. `begin` is called for each, with a promise that settles when its dispatch is
 * durable: the dispatches of several tasks share one write.
 *
 * @param setAside tasks that were dispatched and could not start: they go first, and are taken out
 * @returns why nothing starts, if that holds for all tasks whatever they are
 */
export function dispatchAll(
  context: RunContext,
  admission: Pick<Admission, 'paused'>,
  inFlight: Pick<TaskRuns, 'taskIds' | 'has'>,
  setAside: Set<string>,
  begin: (taskId: string, recorded: Promise<void>) => void,
): Hold | undefined {
  const { scheduler, options, breaker, log } = context;
  const isActive = (taskId: string) => inFlight.has(taskId);
  for (;;) {
    const running = countSlots(context, inFlight);
    if (context.stop.mode !== undefined) return undefined;
    if (running >= options.maxInstances || (running > 0 && admission.paused !== undefined)) {
      explain(context);
      return undefined;
    }
    const hold = holdOnStarts(context, isActive);
    if (hold !== undefined) {
      explain(context, hold);
      return hold;
    }
    const [again] = setAside;
    const taskId = again ?? scheduler.next();
    if (taskId === undefined) {
      explain(context);
      return undefined;
    }
    setAside.delete(taskId);
    const agent = breaker.choose(log.task(taskId), isActive) || undefined;
    // One whose earlier attempt is still ending does not start yet: that end may itself wait for starts.
    if (!inFlight.has(taskId)) context.agents.startups.begin(taskId);
    begin(
      taskId,
      again === undefined ? dispatch(context, taskId, agent) : dispatchAgain(context, taskId, agent),
    );
  }
}

/** Skips tasks that can never start in this run: a task that they need was rejected, or waits for them. */
export async function endStuckTasks(context: RunContext): Promise<void> {
  const { log, scheduler } = context;
  for (const taskId of [...scheduler.waiting]) {
    // The end of one skips others that need it.
    if (log.task(taskId).outcome !== undefined) continue;
    const blocker = scheduler.blockerOf(taskId);
    const on = blocker && 'taskId' in blocker ? blocker.taskId : undefined;
    const rejection = on === undefined ? undefined : rejectionOf(log.state, on);
    const reason =
      on !== undefined && rejection !== undefined
        ? needs(on, rejection)
        : `waits${on === undefined ? '' : ` on task ${on}`} in a cycle of dependencies`;
    await finish(context, taskId, skipped(reason));
  }
}

function dispatch(context: RunContext, taskId: string, agent: string | undefined): Promise<void> {
  const base = context.log.run.integration;
  const { attempt: last, task } = context.log.task(taskId);
  const attempt = last + 1;
  const stateDir = attemptDir(context, taskId, attempt);
  const start = { attempt, base, stateDir, ...defined({ agent }) };
  const recorded = context.log.append({ type: 'task-dispatched', taskId, ...start });
  const { runId, stop } = context;
  context.ready.take({ ...workspaceRequest(runId, task, base), recorded, abortSignal: stop.signal });
  return startingUp(context, taskId, recorded);
}

/** The same attempt, in the same workspace, maybe with another agent: nothing of it was started. */
function dispatchAgain(context: RunContext, taskId: string, agent: string | undefined): Promise<void> {
  const task = context.log.task(taskId);
  if (task.phase !== 'dispatched' && task.phase !== 'prepared')
    throw new Error(`task ${taskId} is ${task.phase}: it was not set aside`);
  const { attempt, base, stateDir } = task;
  const start = { attempt, base, stateDir, ...defined({ agent }) };
  return startingUp(context, taskId, context.log.append({ type: 'task-dispatched', taskId, ...start }));
}

/** What waits for starts must not wait for one that never begins. */
function startingUp(context: RunContext, taskId: string, recorded: Promise<void>): Promise<void> {
  return recorded.catch((error: unknown) => {
    context.agents.startups.end(taskId);
    throw error;
  });
}

function countSlots(context: RunContext, { taskIds }: Pick<TaskRuns, 'taskIds'>): number {
  let count = 0;
  for (const taskId of taskIds) if (occupiesSlot(context.log.task(taskId))) count += 1;
  return count;
}

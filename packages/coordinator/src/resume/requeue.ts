import { hasCode, PwtError, type RejectedStatus, type RunState } from '@pwt/core';
import { topologicalOrder } from '@pwt/planner/schedule';
import { failedWith, finish, needs, skipDependents } from '../pipeline/finish.js';
import { startOver } from '../pipeline/start-over.js';
import { isWithheld } from '../pipeline/withhold.js';
import { isStoppedForPerson } from '../questions/stop-for-person.js';
import type { RunContext } from '../run/run-context.js';
import { canGoOn, goOnAgain } from './go-on-again.js';
import { type RetryHow, whyTestAgain } from './test-again.js';

/**
 * Takes up tasks again in a resumed run: those that were held, those that were stopped with the run, those that the user
 * retries, and those that were skipped because of them. A retried task goes on with what it has; its work is only tested
 * again where that may be enough, and it starts over where the user wants that or nothing of it is left. It depends on the log alone, so after a crash in the middle the next resume completes it.
 *
 * @throws PwtError `PWT_WORKSPACE_KEPT` if the workspace of a retried task is in the way
 */
export async function takeUp(
  context: RunContext,
  retry: readonly string[],
  how: RetryHow = {},
): Promise<void> {
  const { log } = context;
  for (const taskId of heldTasks(log.state)) if (!retry.includes(taskId)) await reopen(context, taskId);
  for (const taskId of stoppedTasks(log.state)) await startStoppedOver(context, taskId);
  for (const taskId of retry) await tryAgain(context, taskId, how);
  for (const taskId of unblockedTasks(log.state))
    await startOver(context, taskId, 'what it needs is under way again');
}

/** Skips tasks that wait for rejected ones, where a crash has prevented that. */
export async function skipStranded(context: RunContext): Promise<void> {
  for (const id of [...context.log.state.tasks.keys()]) {
    const rejection = rejectionOf(context.log.state, id);
    if (rejection !== undefined) await skipDependents(context, id, rejection);
  }
}

/**
 * Checks that tasks can be retried.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN` for an id that is not part of the run, `PWT_TASK_NOT_RETRYABLE` for a
 * task whose work is integrated or still under way, or which needs one that failed and is not retried
 */
export function checkRetryable(state: RunState, ids: readonly string[]): void {
  for (const id of ids) {
    const task = state.tasks.get(id);
    if (!task) {
      throw new PwtError('PWT_TASK_UNKNOWN', `Task ${id} is not part of run ${state.runId}.`, {
        hint: `Its tasks are: ${[...state.tasks.keys()].slice(0, 20).join(', ')}.`,
      });
    }
    if (task.outcome === undefined || isDone(task.outcome)) {
      throw new PwtError('PWT_TASK_NOT_RETRYABLE', `Task ${id} is ${task.outcome ?? 'not finished'}.`, {
        hint: 'Only tasks that failed, timed out, conflicted, were held, skipped, cancelled or changed nothing can be retried.',
      });
    }
    for (const needed of task.task.dependsOn) {
      const status = rejectionOf(state, needed);
      if (status === undefined || ids.includes(needed)) continue;
      throw new PwtError('PWT_TASK_NOT_RETRYABLE', `Task ${id} ${needs(needed, status)}.`, {
        hint: `Retry ${needed}: ${id} follows when it has succeeded.`,
      });
    }
  }
}

/** How a task was rejected; `undefined` as long as its dependents may still start. */
export function rejectionOf(state: RunState, id: string): RejectedStatus | undefined {
  const task = state.tasks.get(id);
  if (task?.outcome === undefined || isDone(task.outcome)) return undefined;
  const isWaiting = isWithheld(task) && !task.task.dependsOn.some((needed) => rejectionOf(state, needed));
  return isWaiting ? undefined : task.outcome;
}

function isDone(outcome: string): outcome is 'integrated' | 'landed' {
  return outcome === 'integrated' || outcome === 'landed';
}

/** Tasks that were held after their agent had ended: the cause may have been put right. */
function heldTasks(state: RunState): readonly string[] {
  return [...state.tasks.values()]
    .filter(({ outcome, exit }) => outcome === 'held' && exit !== undefined && exit.kind !== 'stopped')
    .filter((task) => task.workspaceGone !== true && !isWithheld(task))
    .map((task) => task.task.id);
}

/** Tasks whose agent was stopped with the run, and those that could not start over since then. */
function stoppedTasks(state: RunState): readonly string[] {
  return [...state.tasks.values()]
    .filter((task) => task.exit?.kind === 'stopped' && task.capped === undefined && !isStoppedForPerson(task))
    .filter(({ outcome, phase }) => outcome === 'held' || (outcome === undefined && phase === 'exited'))
    .map((task) => task.task.id);
}

/** Skipped tasks that depend on no rejected task any more. */
function unblockedTasks(state: RunState): readonly string[] {
  const nodes = [...state.tasks.values()].map(({ task }) => ({ id: task.id, dependsOn: task.dependsOn }));
  const needed = new Map(nodes.map((node) => [node.id, node.dependsOn]));
  const unblocked = new Set<string>();
  const inTheWay = (id: string) => rejectionOf(state, id) !== undefined && !unblocked.has(id);
  for (const id of topologicalOrder(nodes).order) {
    if (rejectionOf(state, id) !== 'skipped') continue;
    if (!needed.get(id)?.some(inTheWay)) unblocked.add(id);
  }
  return [...unblocked];
}

/** Tests the work of a retried task again, has it go on, or starts it over. */
async function tryAgain(context: RunContext, taskId: string, how: RetryHow): Promise<void> {
  const { log, parts } = context;
  const reason = await whyTestAgain(context, log.task(taskId), how);
  if (reason === undefined) {
    const goesOn = !how.fresh && (await canGoOn(context, log.task(taskId)));
    if (goesOn) return goOnAgain(context, taskId, how.message);
    return startOver(context, taskId, 'retried by the user');
  }
  const fingerprint = parts.gate?.fingerprint;
  if (how.regate && fingerprint !== undefined) await parts.verdicts?.forget(fingerprint);
  await log.append({ type: 'task-reopened', taskId, reason, ...(how.regate && { forget: true as const }) });
}

async function reopen(context: RunContext, taskId: string): Promise<void> {
  await context.log.append({ type: 'task-reopened', taskId, reason: 'the run was resumed' });
}

/** If one workspace can't be removed, the other tasks still go on. */
async function startStoppedOver(context: RunContext, taskId: string): Promise<void> {
  try {
    await startOver(context, taskId, 'it was stopped with its run');
  } catch (error) {
    if (hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
    await finish(context, taskId, failedWith(error, 'held'));
  }
}

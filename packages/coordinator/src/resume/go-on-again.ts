import { type AttemptEnding, defined, type RunState, type TaskState } from '@pwt/core';
import { continueTask, type Evidence } from '../pipeline/end-attempt.js';
import type { RunContext } from '../run/run-context.js';

/**
 * Whether a rejected task can go on with what it has: its agent has worked, and the workspace is there and is the run's own.
 */
export async function canGoOn({ parts }: RunContext, task: TaskState): Promise<boolean> {
  const { workspace, workspaceGone, exit } = task;
  if (exit === undefined || workspace === undefined || workspaceGone) return false;
  const seen = await parts.provider.foresee?.({ workspace, force: ['dirty', 'unmerged'] });
  return seen?.status !== 'gone' && !(seen?.status === 'kept' && seen.reason === 'not-ours');
}

/**
 * Has a rejected task go on, because the user wants that: its agent is told why the last attempt was not enough.
 *
 * @param message what the user has to say to the agent
 */
export async function goOnAgain(context: RunContext, taskId: string, message?: string): Promise<void> {
  const task = context.log.task(taskId);
  const evidence = evidenceOf(context.log.run, task);
  await continueTask(context, taskId, endingOf(task), { ...evidence, ...defined({ message }) });
}

function endingOf(task: TaskState): AttemptEnding {
  if (task.phase !== 'ended') throw new Error(`task ${task.task.id} has not ended`);
  const { outcome: status, reason, failure } = task;
  return { status, reason, ...defined({ failure }) };
}

/** What the log still has of it. */
function evidenceOf(
  { tasks, integration: onto }: Extract<RunState, { readonly integration: string }>,
  { task, failure, verdict, conflicts: paths }: TaskState,
): Evidence {
  if (failure?.kind === 'conflict' && paths !== undefined) return { conflict: { onto, paths } };
  if (verdict === undefined || failure?.kind.startsWith('gate-') !== true) return {};
  const partner = tasks.get(failure.withTaskId ?? '')?.task;
  return { blame: { task, verdict, partner, logFile: failure.logFile } };
}

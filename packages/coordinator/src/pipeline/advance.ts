import { type CommitId, defined, type JoinedTask, whyNoChange } from '@pwt/core';
import { checkAdvanced } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { finish } from './finish.js';

/**
 * Moves the integration ref to the commit of the last of these tasks: the claims of all are free, dependents may start. If
 * the ref is not where the log says, and pwt did not move it, the tasks are held.
 *
 * The intent is recorded before the ref is moved; `reconcile` records the rest after a crash.
 */
export async function advance(context: RunContext, tasks: readonly JoinedTask[]): Promise<void> {
  const { runId, log, parts } = context;
  const from = log.run.integration;
  const to = tasks.at(-1)?.commit ?? from;
  if (to === from) return;
  await log.append({ type: 'advance-started', from, to, tasks });
  const outcome = checkAdvanced(parts.merger.name, await parts.merger.advance({ runId, from, to }));
  if (outcome.status === 'advanced' || outcome.tip === to) return recordIntegrated(context, from, tasks);
  const message = `the integration ref was moved, and not by pwt (found ${outcome.tip})`;
  for (const { taskId } of tasks) {
    await finish(context, taskId, {
      status: 'held',
      reason: `${message}. Put it back with: git update-ref refs/pwt/${runId}/integration ${from}`,
      failure: { kind: 'error', message, code: 'PWT_INTEGRATION_REF_MOVED' },
    });
  }
}

/** Records for each of these tasks that the integration ref contains it. */
export async function recordIntegrated(
  { log }: Pick<RunContext, 'log'>,
  from: CommitId,
  tasks: readonly JoinedTask[],
): Promise<void> {
  const appended: Promise<void>[] = [];
  let onto = from;
  for (const { taskId, commit } of tasks) {
    const task = log.task(taskId);
    // What is joined of it is none of its agent's work.
    const noChange = task.changes?.length === 0 ? whyNoChange(task) : undefined;
    appended.push(log.append({ type: 'integrated', taskId, from: onto, commit, ...defined({ noChange }) }));
    onto = commit;
  }
  await Promise.all(appended);
}

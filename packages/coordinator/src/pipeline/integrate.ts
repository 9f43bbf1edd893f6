import type { ConflictedPath, RunState } from '@pwt/core';
import { checkIntegrated } from '../contract-check.js';
import { finish } from './finish.js';
import type { Step } from './step.js';
import { taskCommit } from './task-commit.js';

/** Makes the candidate: merges the task's commit with the tip of the integration ref, which is not moved yet. */
export const integrate: Step<'audited' | 'integrating' | 'merged' | 'gated'> = async (context, state) => {
  if (context.stop.mode === 'now') return 'pause';
  const { runId, log, parts } = context;
  const { merger } = parts;
  const { task, commit, over } = state;
  const { id: taskId } = task;
  const onto = log.run.integration;
  await log.append({ type: 'integrate-started', taskId, onto, commit });
  const subject = { kind: 'tasks', taskIds: [taskId] } as const;
  const { strategy } = context.options;
  const words = taskCommit(task, { strategy, gate: parts.gate, isReplayed: over !== undefined });
  const request = { runId, subject, onto, commit, ...words, abortSignal: context.stop.signal };
  const answer =
    over === undefined || !merger.replay
      ? await merger.integrate(request)
      : await merger.replay({ ...request, over });
  const outcome = checkIntegrated(merger.name, answer);
  if (outcome.status === 'contained') {
    const reason = 'everything it committed is on the integration branch already';
    const failure = { kind: 'no-change', message: reason } as const;
    await finish(context, taskId, { status: 'unchanged', reason, failure });
  } else if (outcome.status === 'conflicted') {
    await log.append({ type: 'integrate-conflicted', taskId, onto, paths: outcome.paths });
    const reason = conflictReason(log.state, taskId, outcome.paths);
    const failure = { kind: 'conflict', message: reason } as const;
    await finish(context, taskId, { status: 'conflicted', reason, failure });
  } else {
    await log.append({ type: 'integrate-merged', taskId, onto, candidate: outcome.commit });
  }
};

/** Names the files, and the tasks that changed them since this one started. */
function conflictReason(state: RunState, taskId: string, paths: readonly ConflictedPath[]): string {
  const names = new Set(paths.map((entry) => entry.path));
  const others = [...state.tasks.values()]
    .filter((other) => other.task.id !== taskId && other.integratedAs !== undefined)
    .filter((other) =>
      other.changes?.some((change) => names.has(change.path) || names.has(change.from ?? '')),
    )
    .map((other) => other.task.id);
  const files = names.size === 0 ? 'moved files' : [...names].slice(0, 5).join(', ');
  const more = names.size > 5 ? ` and ${names.size - 5} more` : '';
  return `conflicts in ${files}${more}${others.length === 0 ? '' : ` with task ${others.join(', ')}`}`;
}

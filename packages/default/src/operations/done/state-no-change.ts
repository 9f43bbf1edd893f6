import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, PwtError } from '@pwt/core';
import { ended, type OwnAttempt, type OwnAttemptRequest, ownAttempt } from './own-attempt.js';

/** So many paths are named. */
const NAMED = 5;

export interface StateNoChangeRequest extends OwnAttemptRequest {
  /** Why, in the words of the agent. */
  readonly reason: string;
}

/** What an agent has stated. */
export interface StatedNoChange {
  readonly runId: string;
  readonly taskId: string;
  /** As it is on record: on one line, and not longer than 2000 characters. */
  readonly noChange: string;
  /** What it had stated before, and has taken back with this. */
  readonly before?: string;
}

/**
 * Puts on record what an agent states from its own worktree: that its task needs no change. It counts when the agent ends well,
 * and for as long as nothing is changed.
 *
 * @throws PwtError `PWT_TASK_NOT_HERE`, `PWT_TASK_CHANGED`, `PWT_TASK_ENDED`
 */
export async function stateNoChange(request: StateNoChangeRequest): Promise<StatedNoChange> {
  const attempt = await ownAttempt(request);
  const { runId, taskId, statement } = attempt;
  if (await hasEnded(attempt)) throw ended(attempt);
  const changes = await attempt.changes();
  if (changes.length > 0) throw changed(attempt, changes);
  const { readStatement, writeStatement } = await import('@pwt/launcher');
  const before = await readStatement(statement);
  await writeStatement(statement, request.reason);
  const noChange = (await readStatement(statement)) ?? request.reason;
  return { runId, taskId, noChange, ...defined({ before }) };
}

/** Also true of a task that no agent works on. */
async function hasEnded({ stateDir, statement }: OwnAttempt): Promise<boolean> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  return !(await isThere(statement)) || (await isThere(join(stateDir, 'exit')));
}

function changed({ taskId, runId }: OwnAttempt, paths: readonly string[]): PwtError {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
  return new PwtError(
    'PWT_TASK_CHANGED',
    `The worktree of task ${taskId} has changes: ${paths.slice(0, NAMED).join(', ')}${more}.`,
    {
      hint: 'If they belong to the task, commit them and end: they land, and nothing has to be stated. If they do not, take them back first; to see them: git status',
      data: { taskId, runId, paths },
    },
  );
}

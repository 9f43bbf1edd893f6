import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PwtError, type RunState } from '@pwt/core';

/** An attempt that is on disk and not in the log. */
export interface UnknownAttempt {
  readonly taskId: string;
  readonly attempt: number;
  /** Absolute. */
  readonly stateDir: string;
}

/**
 * The attempts on disk that are not in the log. An attempt is recorded before anything of it is made, so such a log is an
 * old copy that was put back.
 *
 * @param runDir the run's own directory; absolute
 */
export async function findUnknownAttempts(runDir: string, state: RunState): Promise<UnknownAttempt[]> {
  const found = await Promise.all(
    [...state.tasks.values()].map(async ({ task: { id }, attempt }) => {
      const folder = join(runDir, 'tasks', id);
      const numbers = (await namesIn(folder)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
      return numbers
        .filter((number) => number > attempt)
        .map((number) => ({ taskId: id, attempt: number, stateDir: join(folder, String(number)) }));
    }),
  );
  return found.flat();
}

/**
 * Checks that no agent can be running that is not in the log: a resumed run could start another one beside it.
 *
 * @throws PwtError `PWT_JOURNAL_BEHIND`
 */
export async function requireUpToDate(runDir: string, state: RunState): Promise<void> {
  const [first] = await findUnknownAttempts(runDir, state);
  if (first === undefined) return;
  const { taskId, attempt, stateDir } = first;
  throw new PwtError(
    'PWT_JOURNAL_BEHIND',
    `The log of run ${state.runId} is an old copy: attempt ${attempt} of task ${taskId} is on disk and not in it.`,
    {
      hint: 'Put the newer log back if you still have it. Otherwise move this one aside with: pwt doctor --fix',
      place: { path: join(runDir, 'journal.jsonl') },
      data: { taskId, attempt, stateDir },
    },
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

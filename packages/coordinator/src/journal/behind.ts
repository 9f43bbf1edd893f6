import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PwtError, type RunState } from '@pwt/core';

/** An attempt that is on disk, and that the log knows nothing of. */
export interface UnknownAttempt {
  readonly taskId: string;
  readonly attempt: number;
  /** Absolute. */
  readonly stateDir: string;
}

/**
 * The attempts that a log does not know. An attempt is in the log before anything of it is made, so a log that
 * does not know one is older than what has happened: an old copy was put back.
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
 * Makes sure that going on from a log does not start an agent beside one that the log knows nothing of.
 *
 * @throws PwtError `PWT_JOURNAL_BEHIND`
 */
export async function requireUpToDate(runDir: string, state: RunState): Promise<void> {
  const [first] = await findUnknownAttempts(runDir, state);
  if (first === undefined) return;
  const { taskId, attempt, stateDir } = first;
  throw new PwtError(
    'PWT_JOURNAL_BEHIND',
    `The log of run ${state.runId} is older than what has happened: it knows nothing of attempt ${attempt} of task ${taskId}.`,
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

import { join } from 'node:path';
import { PwtError, type RunEvent, reduceRun } from '@pwt/core';
import type { CoordinatorOptions } from '../coordinator-options.js';
import { requireUpToDate } from '../journal/behind.js';

/**
 * The log of a run that can go on.
 *
 * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_JOURNAL_BEHIND`
 */
export async function readHistory(
  { journals, runsDir }: Pick<CoordinatorOptions, 'journals' | 'runsDir'>,
  runId: string,
): Promise<readonly RunEvent[]> {
  const history = await journals.read(runId);
  if (history.some((event) => event.type === 'run-planned')) {
    await requireUpToDate(join(runsDir, runId), reduceRun(history));
    return history;
  }
  throw new PwtError('PWT_RUN_UNKNOWN', `Run ${runId} ended before it began: there is nothing to resume.`, {
    hint: 'Start a new one with `pwt run`.',
  });
}

import type { RunState } from '@pwt/core';
import type { PwtCoordinator } from '@pwt/default';
import type { CommandContext } from './command-context.js';

/** The run that a command is about: the named one, or the newest with these tasks. @throws PwtError `PWT_NO_RUN` */
export async function requireRun(
  { flags }: CommandContext,
  { runs }: PwtCoordinator,
  ids: readonly string[] = [],
): Promise<RunState> {
  const what = ids.length === 0 ? 'yet' : `with ${ids.join(', ')}`;
  return runs.find(
    typeof flags.run === 'string' ? flags.run : undefined,
    (run) => ids.every((id) => run.tasks.has(id)),
    what,
  );
}

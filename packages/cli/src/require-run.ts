import type { RunState } from '@pwt/core';
import { type PwtCoordinator, selectInRun } from '@pwt/default';
import type { CommandContext } from './command-context.js';

/** A run with the tasks that a command is about. */
export interface RunWithTasks {
  readonly state: RunState;
  /** All of the run's tasks, if none was named. */
  readonly taskIds: readonly string[];
}

/**
 * The run that a command is about: the named one, or the newest.
 *
 * @throws PwtError `PWT_NO_RUN`, `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`
 */
export async function requireRun(
  { flags, args }: CommandContext,
  coordinator: PwtCoordinator,
): Promise<RunWithTasks> {
  const runId = typeof flags.run === 'string' ? flags.run : undefined;
  const state = await coordinator.runs.find(runId, () => true, 'yet');
  if (args.length === 0) return { state, taskIds: [...state.tasks.keys()] };
  const among = await coordinator.selectTasks(args);
  return { state, taskIds: selectInRun(among, state) };
}

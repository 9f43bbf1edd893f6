import { hasCode, type RunState } from '@pwt/core';
import { ownTokens } from '../../composition/own-tokens.js';
import type { OperationContext } from '../operation-context.js';
import { namesFor } from './load-tasks.js';
import { existingIds, type Selectable, selectIds } from './select-ids.js';

/** Finds among some tasks those that a user typed; throws PwtError `PWT_TASK_UNKNOWN`. */
export type SelectTasks = (tasks: Iterable<Selectable>) => readonly string[];

/** Reads ids as users type them (`US-020`, `20-25`, `007-*`, a folder), to be looked up in a run. */
export async function selectTasks(
  { compose }: Pick<OperationContext, 'compose'>,
  typed: readonly string[],
  hint = 'See which tasks there are: pwt status',
): Promise<SelectTasks> {
  const { container } = await compose();
  const selection = selectIds(typed, namesFor(await container.resolve(ownTokens.namedSources)));
  return (tasks) => existingIds(selection, tasks, hint);
}

/** Finds among the tasks of a run those that a user typed; throws PwtError `PWT_TASK_UNKNOWN`. */
export function selectInRun(select: SelectTasks, { tasks }: Pick<RunState, 'tasks'>): readonly string[] {
  return select([...tasks.values()].map(({ task }) => task));
}

/** True if every id that was typed is the id of a task. */
export function knowsAll(select: SelectTasks, run: Pick<RunState, 'tasks'>): boolean {
  try {
    return selectInRun(select, run).length > 0;
  } catch (error) {
    if (hasCode(error, 'PWT_TASK_UNKNOWN')) return false;
    throw error;
  }
}

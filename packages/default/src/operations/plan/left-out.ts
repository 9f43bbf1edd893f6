import type { Diagnostic } from '@pwt/core';

const MOST_NAMED = 10;

/** The first of some ids, and how many more there are. */
export function nameIds(ids: readonly string[]): string {
  const rest = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  return `${ids.slice(0, MOST_NAMED).join(', ')}${rest}`;
}

/** One sentence about all finished tasks, where each source has its own. */
export function joinFinished(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const isJoined = ({ code, taskIds }: Diagnostic) => code === 'PWT_TASK_DONE' && taskIds !== undefined;
  const finished = diagnostics.filter(isJoined);
  if (finished.length < 2) return diagnostics;
  const taskIds = [...new Set(finished.flatMap(({ taskIds: ids = [] }) => ids))];
  return [
    ...diagnostics.filter((one) => !isJoined(one)),
    {
      code: 'PWT_TASK_DONE',
      severity: 'info',
      message: `Left out, because they are finished: ${nameIds(taskIds)}.`,
      taskIds,
    },
  ];
}

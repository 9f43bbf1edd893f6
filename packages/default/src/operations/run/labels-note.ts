import type { Diagnostic, Task, WorkspaceProvider } from '@pwt/core';

/** So many tasks are named. */
const NAMED = 8;

/** Says that the labels of tasks are not looked at, where all agents work on one machine. */
export function labelsNote(
  tasks: readonly Task[],
  { name, placesByLabels }: Pick<WorkspaceProvider, 'name' | 'placesByLabels'>,
): Diagnostic[] {
  const asking = tasks.filter(({ runsOn }) => runsOn !== undefined).map(({ id }) => id);
  if (placesByLabels === true || asking.length === 0) return [];
  const more = asking.length > NAMED ? ` and ${asking.length - NAMED} more` : '';
  const who = `${asking.slice(0, NAMED).join(', ')}${more}`;
  return [
    {
      code: 'PWT_LABELS_IGNORED',
      severity: 'warning',
      message: `Tasks ask for a machine with labels (runs-on), and ${name} has one machine alone: the labels are not looked at (${who}).`,
      ...(asking.length === 1 && { taskIds: asking }),
    },
  ];
}

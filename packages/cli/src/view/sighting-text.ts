import type { RunState, TaskSighting } from '@pwt/core';
import { oneLine } from '../format/text.js';

/** How many paths and tasks a line names. */
const NAMED = 3;

/** What the radar sees in the way of a task's work, in one line; `undefined` for nothing. Pure. */
export function sightingText(sighting: TaskSighting | undefined): string | undefined {
  const { stale, colliding = [], outside } = sighting ?? {};
  const others = colliding.slice(0, NAMED).map(({ taskId, paths }) => {
    return `${oneLine(taskId)} in ${pathsText(paths.paths, paths.total)}`;
  });
  const more = colliding.length - others.length;
  const parts = [
    ...(others.length > 0
      ? [`colliding with ${others.join('; ')}${more > 0 ? ` and ${more} other tasks` : ''}`]
      : []),
    ...(stale && stale.conflicts.total > 0
      ? [
          `stale: conflicts with what is integrated in ${pathsText(stale.conflicts.paths, stale.conflicts.total)}`,
        ]
      : []),
    ...(stale && stale.conflicts.total === 0
      ? [`stale: integrated work changed ${pathsText(stale.moved.paths, stale.moved.total)}, too`]
      : []),
    ...(outside ? [`out of scope: ${pathsText(outside.paths, outside.total)}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(' · ');
}

/** The first of some paths, and how many more there are. Pure. */
export function pathsText(paths: readonly string[], total: number): string {
  const shown = paths.slice(0, NAMED);
  const more = total - shown.length;
  return `${shown.map(oneLine).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What is in the way of the tasks under way, a line each. Pure. */
export function sightingLines({ tasks }: Pick<RunState, 'tasks'>): string[] {
  return [...tasks.values()].flatMap(({ task, outcome, sighting }) => {
    const text = outcome === undefined ? sightingText(sighting) : undefined;
    return text === undefined ? [] : [`${oneLine(task.id)}: ${text}`];
  });
}

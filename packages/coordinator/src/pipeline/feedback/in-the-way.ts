import type { SeenPaths, TaskState } from '@pwt/core';
import { inline } from './quote.js';

/** So many other tasks, and so many paths of each kind, are told. */
const TASKS = 5;
const PATHS = 10;

/**
 * For an agent that goes on: where the radar saw its work collide the last time, and which files are not its task's.
 * Nothing if nothing is in the way.
 */
export function inTheWay({ sighting, outside }: TaskState): readonly string[] {
  const { stale, colliding = [] } = sighting ?? {};
  const strayed = outside === undefined ? sighting?.outside : { paths: outside, total: outside.length };
  const lines = [
    ...colliding
      .slice(0, TASKS)
      .map(
        ({ taskId, paths }) =>
          `- Task ${inline(taskId)} is at work on the same lines, and one of you will have to give way, in ${listed(paths)}. Keep your change there as small as you can.`,
      ),
    ...(stale && stale.moved.total > 0
      ? [`- Other tasks have finished changes of these files meanwhile: ${listed(stale.moved)}.`]
      : []),
    ...(strayed && strayed.total > 0
      ? [
          `- These files are not part of your task as it was planned: ${listed(strayed)}. Where your task does not need the change, take it back.`,
        ]
      : []),
  ];
  return lines.length === 0 ? [] : ['Mind, about your work so far:', lines.join('\n')];
}

function listed({ paths, total }: SeenPaths): string {
  const shown = paths.slice(0, PATHS).map((path) => `\`${inline(path)}\``);
  const more = total - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

import type { Sighting } from './radar.js';

/** Some paths, and how many there are. */
export interface SeenPaths {
  /** Sorted; not all of them if there are very many. */
  readonly paths: readonly string[];
  readonly total: number;
}

/**
 * What the radar sees of a task under way, as the log has it. Without one of them: nothing of the kind is seen.
 *
 * - `stale`: the integration tip has changed paths that this task changes, too. `conflicts`: where it can't be merged with it.
 *   `moved`: where it can.
 * - `colliding`: it can't be merged with what these other tasks have so far.
 * - `outside`: it changes paths that it does not claim.
 */
export interface TaskSighting {
  readonly stale?: { readonly conflicts: SeenPaths; readonly moved: SeenPaths };
  readonly colliding?: readonly { readonly taskId: string; readonly paths: SeenPaths }[];
  readonly outside?: SeenPaths;
}

/** How many paths of each kind the log has. */
const MOST_PATHS = 20;

/** @param outside the paths out of `sighting.changes` that the task does not claim */
export function taskSighting(sighting: Sighting, outside: readonly string[]): TaskSighting {
  const { stale, colliding } = sighting;
  const conflicts = stale?.conflicts.map(({ path }) => path) ?? [];
  return {
    ...(stale && { stale: { conflicts: seenPaths(conflicts), moved: seenPaths(stale.moved) } }),
    ...(colliding.length > 0 && {
      colliding: colliding.map((other) => ({
        taskId: other.with,
        paths: seenPaths(other.paths.map(({ path }) => path)),
      })),
    }),
    ...(outside.length > 0 && { outside: seenPaths(outside) }),
  };
}

/** True if both say the same. */
export function isSameSighting(a: TaskSighting | undefined, b: TaskSighting | undefined): boolean {
  return JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
}

function seenPaths(paths: readonly string[]): SeenPaths {
  return { paths: [...paths].sort().slice(0, MOST_PATHS), total: paths.length };
}

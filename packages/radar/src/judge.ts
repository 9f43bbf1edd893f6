import type { ConflictedPath, Sighting, Staleness } from '@pwt/core';
import type { MergedPair } from '@pwt/git';
import { isSameEntry } from './checkout/entries.js';
import type { SinceBase } from './own-changes.js';

/** A work with what it and the tip have changed. */
export interface SeenWork {
  readonly id: string;
  readonly since: SinceBase;
}

/** Where a work and the tip have changed the same paths; `undefined` if they have not. Pure. */
export function stalenessOf({ since }: SeenWork, withTip: MergedPair | undefined): Staleness | undefined {
  const conflicts = withTip?.status === 'conflicted' ? conflictedPaths(withTip) : [];
  const inConflict = new Set(conflicts.map(({ path }) => path));
  const moved = [...since.work.keys()].filter((path) => {
    const there = since.tip.get(path);
    const isOther = there !== undefined && !isSameEntry(there.entry, since.work.get(path)?.entry);
    return isOther && !inConflict.has(path);
  });
  return conflicts.length + moved.length === 0 ? undefined : { conflicts, moved: moved.sort() };
}

/**
 * Where two works collide. What only one of them is in conflict about with commits that the other is based on is staleness,
 * and no collision. Pure.
 */
export function collisionOf(
  a: SeenWork,
  b: SeenWork,
  merged: MergedPair | undefined,
): readonly ConflictedPath[] {
  if (merged?.status !== 'conflicted') return [];
  const paths = conflictedPaths(merged);
  if (a.since.base === b.since.base) return paths;
  return paths.filter(({ path }) => a.since.work.has(path) && b.since.work.has(path));
}

/** Every sighting from collisions of pairs. Pure. */
export function sightingOf(
  work: SeenWork,
  stale: Staleness | undefined,
  colliding: ReadonlyMap<string, readonly ConflictedPath[]>,
): Sighting {
  const others = [...colliding].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    id: work.id,
    changes: [...work.since.work.keys()].sort(),
    ...(stale && { stale }),
    colliding: others.map(([other, paths]) => ({ with: other, paths })),
  };
}

/** Git's stable names of conflicts, such as `CONFLICT (contents)`, as contract and merger name them. */
function conflictedPaths({
  paths,
  notes,
}: Extract<MergedPair, { readonly status: 'conflicted' }>): ConflictedPath[] {
  return paths.map((path) => {
    const type = notes.find((note) => note.paths.includes(path))?.type;
    const kind = type && /\((.*)\)/.exec(type)?.[1];
    return kind === undefined ? { path } : { path, kind: kind === 'contents' ? 'content' : kind };
  });
}

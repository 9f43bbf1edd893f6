import { type Claim, type ClaimRelation, claimRelation } from '@pwt/core';
import type { PatternList, PatternOverlap, ScopeIndex } from '@pwt/scope';
import { toPatternList } from '@pwt/scope';

/**
 * How two claims meet. `overlap`: both match some path. `file-directory`: one names a file where the other has a directory.
 * `collision`: they overlap only if names are compared without case and normalisation.
 */
export type ConflictKind = 'overlap' | 'file-directory' | 'collision';

/** `conflict`: the tasks never run together. `possible`: the separation policy decides. */
export type ConflictRelation = Exclude<ClaimRelation, 'compatible'>;

/** A conflict of two claims, or a possible one, seen from the first claim. */
export interface Conflict {
  readonly relation: ConflictRelation;
  readonly kind: ConflictKind;
  /** A path that the first claim matches. */
  readonly witness: string;
  /** A path that the second claim matches: the same one for an `overlap`. */
  readonly against: string;
}

/**
 * Each claim that does not subtract, with its pattern and the subtractions of the list.
 *
 * @throws PwtError as `parsePattern`.
 */
export function scopesOf(claims: readonly Claim[]): readonly (readonly [Claim, PatternList])[] {
  const subtractions = claims.map(({ pattern }) => pattern).filter((pattern) => pattern.startsWith('!'));
  if (subtractions.length === 0) return claims.map((claim) => [claim, toPatternList(claim.pattern)]);
  const positive = claims.filter(({ pattern }) => !pattern.startsWith('!'));
  return positive.map((claim) => [claim, toPatternList([claim.pattern, ...subtractions])]);
}

/** Visits all owners in an index whose claim conflicts with this one, or possibly does; each once, by the first kind that applies. */
export function eachConflict<T>(
  index: ScopeIndex<T>,
  claimOf: (owner: T) => Claim,
  [claim, list]: readonly [Claim, PatternList],
  visit: (owner: T, conflict: Conflict) => void,
): void {
  const seen = new Set<T>();
  const take = (kind: ConflictKind, overlaps: readonly PatternOverlap<T>[]) => {
    for (const { owners, witness, against } of overlaps) {
      for (const owner of owners) {
        if (seen.has(owner)) continue;
        seen.add(owner);
        const relation = relationOf(kind, claim, claimOf(owner));
        if (relation !== 'compatible') visit(owner, { relation, kind, witness, against });
      }
    }
  };
  take('overlap', index.overlapping(list));
  take('file-directory', index.directoryConflicts(list));
  take('collision', index.collisions(list));
}

/**
 * `claimRelation`, with two exceptions. A file against a directory, and a collision, can't be merged, so the classes `append`
 * and `regenerate` do not count. A collision is at most possible.
 */
function relationOf(kind: ConflictKind, mine: Claim, theirs: Claim): ClaimRelation {
  if (kind === 'overlap') return claimRelation(mine, theirs);
  const relation = claimRelation({ ...mine, class: 'exclusive' }, { ...theirs, class: 'exclusive' });
  return kind === 'collision' && relation === 'conflict' ? 'possible' : relation;
}

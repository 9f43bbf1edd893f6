import { type Claim, type ClaimRelation, claimRelation } from '@pwt/core';
import type { Meeting, PatternList, ScopeIndex } from '@pwt/scope';
import { toPatternList } from '@pwt/scope';

/**
 * How two claims meet. `overlap`: some path is matched by both. `file-directory`: one is a file where the other
 * needs a directory. `collision`: only where names are compared without case or normalisation.
 */
export type MeetingKind = 'overlap' | 'file-directory' | 'collision';

/** Two claims that do not go together. */
export type Opposition = Exclude<ClaimRelation, 'compatible'>;

/**
 * Each claim that does not subtract, with its pattern and the subtractions of the list.
 *
 * @throws PwtError as `parsePattern`.
 */
export function scopesOf(claims: readonly Claim[]): Iterable<readonly [Claim, PatternList]> {
  const subtractions = claims.map(({ pattern }) => pattern).filter((pattern) => pattern.startsWith('!'));
  if (subtractions.length === 0) return claims.map((claim) => [claim, toPatternList(claim.pattern)]);
  const positive = claims.filter(({ pattern }) => !pattern.startsWith('!'));
  return positive.map((claim) => [claim, toPatternList([claim.pattern, ...subtractions])]);
}

/** All that a list of patterns meets in an index, each owner once, under the first kind that applies. */
export function eachMeeting<T>(
  index: ScopeIndex<T>,
  list: PatternList,
  visit: (owner: T, kind: MeetingKind, meeting: Meeting<T>) => void,
): void {
  const met = new Set<T>();
  const take = (kind: MeetingKind, meetings: readonly Meeting<T>[]) => {
    for (const meeting of meetings) {
      for (const owner of meeting.owners) {
        if (met.has(owner)) continue;
        met.add(owner);
        visit(owner, kind, meeting);
      }
    }
  };
  take('overlap', index.overlapping(list));
  take('file-directory', index.directoryClashes(list));
  take('collision', index.collisions(list));
}

/**
 * By the rules of `claimRelation`. A file against a directory, and a collision, cannot be joined, so `append` and
 * `regenerate` do not help there; a collision is never more than possible.
 */
export function relationOf(kind: MeetingKind, mine: Claim, theirs: Claim): ClaimRelation {
  if (kind === 'overlap') return claimRelation(mine, theirs);
  const relation = claimRelation({ ...mine, class: 'exclusive' }, { ...theirs, class: 'exclusive' });
  return kind === 'collision' && relation === 'conflict' ? 'possible' : relation;
}

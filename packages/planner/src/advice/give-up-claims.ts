import type { HeldClaim } from '@pwt/claims';
import { type Claim, claimRelation, type TaskClaims } from '@pwt/core';
import { escapePath, parsePattern } from '@pwt/scope';
import type { HotFileGroup } from './hot-files.js';

/** A claim that a task would do without. */
export type GivenUp = HeldClaim;

/**
 * Which claims have to go so that nobody waits for a hot files any more. As few tasks as possible change:
 * those that go together keep theirs (appenders, say), and otherwise one task does.
 */
export function claimsToGiveUp({ tasks, holders }: HotFileGroup): readonly GivenUp[] {
  const companions = (claim: Claim) =>
    new Set(holders.filter((other) => claimRelation(claim, other.claim) === 'compatible').map(taskOf));
  const kinds = new Map(holders.map((holder) => [`${holder.claim.mode} ${holder.claim.class}`, holder]));
  const groups = [...kinds.values()].map(({ claim }) => companions(claim));
  const largest = groups.reduce((most, group) => (group.size > most.size ? group : most), new Set<string>());
  const keep = largest.size > 1 ? largest : new Set(tasks.slice(0, 1));
  return holders.filter(({ taskId }) => !keep.has(taskId));
}

/**
 * The claims of all tasks without those that are given up: one that names a hot files goes, and a pattern
 * no longer covers it. A pattern that is hot on more files than are listed goes as a whole.
 */
export function withoutClaims(
  claims: readonly TaskClaims[],
  { path, others, count }: Pick<HotFileGroup, 'path' | 'others' | 'count'>,
  givenUp: readonly GivenUp[],
): readonly TaskClaims[] {
  const gone = new Map<string, Set<Claim>>();
  for (const { taskId, claim } of givenUp) gone.set(taskId, (gone.get(taskId) ?? new Set()).add(claim));
  const paths = [path, ...others];
  const narrowed = count === paths.length;
  return claims.map((entry) => {
    const leaving = gone.get(entry.taskId);
    if (!leaving) return entry;
    const wide = entry.claims.filter((claim) => narrowed && leaving.has(claim) && !isLiteral(claim));
    const kept = entry.claims.filter((claim) => !leaving.has(claim) || wide.includes(claim));
    const [like] = wide;
    const subtractions = like ? paths.map((one) => ({ ...like, pattern: `!${escapePath(one)}` })) : [];
    return { ...entry, claims: [...kept, ...subtractions] };
  });
}

/** The claims of all tasks, where those of unknown scope claim nothing: the best that naming their files could do. */
export function withoutUnknownScopes(claims: readonly TaskClaims[]): readonly TaskClaims[] {
  return claims.map((entry) => (entry.unknownScope ? { ...entry, unknownScope: false, claims: [] } : entry));
}

function isLiteral({ pattern }: Claim): boolean {
  const { alternatives } = parsePattern(pattern);
  return alternatives.length === 1 && alternatives[0]?.literal !== undefined;
}

function taskOf({ taskId }: HeldClaim): string {
  return taskId;
}

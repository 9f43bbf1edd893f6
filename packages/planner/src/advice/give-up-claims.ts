import type { TaskClaim } from '@pwt/claims';
import { type Claim, claimRelation, type TaskClaims } from '@pwt/core';
import { escapePath, parsePattern } from '@pwt/scope';
import type { HotFileGroup } from './hot-files.js';

/** A claim that a task would do without. */
export type GivenUp = TaskClaim;

/**
 * The claims to give up so that no task waits for these hot files. As few tasks as possible change: the largest set of
 * tasks whose claims are compatible (such as appenders) keeps its claims; without such a set, the first task does.
 */
export function claimsToGiveUp({ tasks, claims }: HotFileGroup): readonly GivenUp[] {
  const compatibleWith = (claim: Claim) =>
    new Set(claims.filter((other) => claimRelation(claim, other.claim) === 'compatible').map(taskOf));
  const kinds = new Map(claims.map((entry) => [`${entry.claim.mode} ${entry.claim.class}`, entry]));
  const groups = [...kinds.values()].map(({ claim }) => compatibleWith(claim));
  const largest = groups.reduce((most, group) => (group.size > most.size ? group : most), new Set<string>());
  const keep = largest.size > 1 ? largest : new Set(tasks.slice(0, 1));
  return claims.filter(({ taskId }) => !keep.has(taskId));
}

/**
 * The claims of all tasks without those that are given up. A claim that names a hot file goes. A pattern stays and
 * subtracts the hot files; if not all of them are listed, it goes as well.
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

/** The claims of all tasks, without those of tasks of unknown scope: the most that naming their files could gain. */
export function withoutUnknownScopes(claims: readonly TaskClaims[]): readonly TaskClaims[] {
  return claims.map((entry) => (entry.unknownScope ? { ...entry, unknownScope: false, claims: [] } : entry));
}

function isLiteral({ pattern }: Claim): boolean {
  const { alternatives } = parsePattern(pattern);
  return alternatives.length === 1 && alternatives[0]?.literal !== undefined;
}

function taskOf({ taskId }: TaskClaim): string {
  return taskId;
}

import type { Claim, TaskClaims } from '@pwt/core';
import { ClaimIndex } from '@pwt/scope';

/**
 * The claims of all tasks without those that meet no claim of another task. A scheduler comes to the same
 * answers with what is left, in less time. O(claims + meetings).
 *
 * Of each kind a task keeps at least one, by which it meets a task that claims everything. What is subtracted
 * from a pattern counts as claimed, because it does when loads are weighed.
 */
export function metClaims(claims: readonly TaskClaims[]): readonly TaskClaims[] {
  const index = new ClaimIndex();
  const met = new Set<Claim>();
  for (const { taskId, claims: own, unknownScope } of claims) {
    if (unknownScope) continue;
    const positive = own.filter((claim) => !isSubtraction(claim));
    for (const { mine, theirs } of index.conflictsWith(positive)) met.add(mine).add(theirs);
    index.add(taskId, positive);
  }
  return claims.map((entry) => {
    if (entry.unknownScope) return entry;
    const kinds = new Set<string>();
    const kept = entry.claims.filter((claim) => {
      const isFirst = !kinds.has(kindOf(claim));
      kinds.add(kindOf(claim));
      return isFirst || met.has(claim) || isSubtraction(claim);
    });
    return { ...entry, claims: kept };
  });
}

function isSubtraction({ pattern }: Claim): boolean {
  return pattern.startsWith('!');
}

function kindOf(claim: Claim): string {
  return `${isSubtraction(claim)} ${claim.mode} ${claim.class} ${claim.confidence}`;
}
